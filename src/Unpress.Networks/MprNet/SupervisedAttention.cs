using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>MPRNet's SAM between two stages: gives a stage's picture, and passes on its features where that picture says so.</summary>
internal sealed class SupervisedAttention : Module
{
    private readonly Conv2d _features, _picture, _mask;

    public SupervisedAttention(int width, int channels)
    {
        _features = Add("conv1", MprParts.Convolution(width, width, 1));
        _picture = Add("conv2", MprParts.Convolution(width, channels, 1));
        _mask = Add("conv3", MprParts.Convolution(channels, width, 1));
    }

    public (Tensor Features, Tensor Picture) Forward(Tensor features, Tensor input)
    {
        var picture = _picture.Forward(features) + input;
        return (features + (_features.Forward(features) * _mask.Forward(picture).Sigmoid()), picture);
    }
}

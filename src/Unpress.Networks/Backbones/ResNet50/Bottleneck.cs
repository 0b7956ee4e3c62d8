using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// The residual block of <see cref="ResNet50"/>: 1×1 down to <paramref name="width"/> channels, 3×3 (which carries the stride), 1×1 up to
/// four times the width, batch norm after each; the skip is a 1×1 convolution with batch norm where its shape changes.
/// </summary>
internal sealed class Bottleneck : Layer
{
    private readonly Conv2d _conv1, _conv2, _conv3;
    private readonly BatchNorm2d _bn1, _bn2, _bn3;
    private readonly Sequential? _downsample;

    public Bottleneck(long inChannels, long width, long stride)
    {
        _conv1 = Add("conv1", new Conv2d(inChannels, width, 1, bias: false));
        _bn1 = Add("bn1", new BatchNorm2d(width));
        _conv2 = Add("conv2", new Conv2d(width, width, 3, stride, padding: 1, bias: false));
        _bn2 = Add("bn2", new BatchNorm2d(width));
        _conv3 = Add("conv3", new Conv2d(width, 4 * width, 1, bias: false));
        _bn3 = Add("bn3", new BatchNorm2d(4 * width));
        if (stride != 1 || inChannels != 4 * width)
            _downsample = Add("downsample", new Sequential(new Conv2d(inChannels, 4 * width, 1, stride, bias: false), new BatchNorm2d(4 * width)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var change = Functional.Relu(_bn1.Forward(_conv1.Forward(input)));
        change = Functional.Relu(_bn2.Forward(_conv2.Forward(change)));
        change = _bn3.Forward(_conv3.Forward(change));
        return scope.Keep(Functional.Relu(change + (_downsample?.Forward(input) ?? input)));
    }
}

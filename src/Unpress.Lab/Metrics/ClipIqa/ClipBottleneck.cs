using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// ResNet's bottleneck with strides taken by average pooling: before the last convolution, and before the skip's. All convolutions have stride 1.
/// </summary>
internal sealed class ClipBottleneck : Layer
{
    private readonly Conv2d _conv1, _conv2, _conv3;
    private readonly BatchNorm2d _bn1, _bn2, _bn3;
    private readonly Sequential? _downsample;
    private readonly long _stride;

    public ClipBottleneck(long inChannels, long width, long stride)
    {
        _stride = stride;
        _conv1 = Add("conv1", new Conv2d(inChannels, width, 1, bias: false));
        _bn1 = Add("bn1", new BatchNorm2d(width));
        _conv2 = Add("conv2", new Conv2d(width, width, 3, padding: 1, bias: false));
        _bn2 = Add("bn2", new BatchNorm2d(width));
        _conv3 = Add("conv3", new Conv2d(width, 4 * width, 1, bias: false));
        _bn3 = Add("bn3", new BatchNorm2d(4 * width));
        if (stride != 1 || inChannels != 4 * width)
            _downsample = Add("downsample", new Sequential(new Conv2d(inChannels, 4 * width, 1, bias: false), new BatchNorm2d(4 * width)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var change = Functional.Relu(_bn1.Forward(_conv1.Forward(input)));
        change = Pool(Functional.Relu(_bn2.Forward(_conv2.Forward(change))));
        change = _bn3.Forward(_conv3.Forward(change));
        return scope.Keep(Functional.Relu(change + (_downsample?.Forward(Pool(input)) ?? input)));
    }

    private Tensor Pool(Tensor input) => _stride == 1 ? input : Functional.AvgPool2d(input, _stride, _stride);
}

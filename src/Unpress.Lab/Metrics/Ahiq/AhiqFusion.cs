using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>The convolutional features of a picture, looked up where the transformer's view of the reference says, in the transformer's resolution.</summary>
internal sealed class AhiqFusion : Module
{
    private const int Offsets = 18;

    private readonly Conv2d _offset, _conv1, _conv2;
    private readonly DeformableConv2d _deform;

    /// <param name="viewed">Channels of the transformer's map.</param>
    /// <param name="channels">Channels of the convolutional features.</param>
    /// <param name="inner">Channels on the way.</param>
    public AhiqFusion(long viewed, long channels, long inner)
    {
        _offset = Add("conv_offset", Conv2d.Same(viewed, Offsets, 3));
        _deform = Add("deform", new DeformableConv2d(channels, channels));
        _conv1 = Add("conv1.0", new Conv2d(channels, inner, 3, stride: 2, padding: 1));
        _conv2 = Add("conv1.2", Conv2d.Same(inner, channels, 3));
    }

    /// <summary>What <see cref="Forward"/> takes, out of the transformer's map of the reference.</summary>
    /// <param name="view">[N, viewed, h, w].</param>
    public Tensor OffsetsOf(Tensor view, long height, long width)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_offset.Forward(Functional.Interpolate(view, height, width, Interpolation.Nearest)));
    }

    /// <summary>[N, C, H, W] to [N, C, H/2, W/2].</summary>
    public Tensor Forward(Tensor features, Tensor offsets)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_conv2.Forward(Functional.Relu(_conv1.Forward(_deform.Forward(features, offsets)))));
    }
}

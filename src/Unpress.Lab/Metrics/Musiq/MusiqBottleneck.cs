using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>The residual block of <see cref="MusiqNetwork"/>'s patch encoder: 1×1, 3×3, 1×1 to four times as many channels.</summary>
internal sealed class MusiqBottleneck : Layer
{
    private const double Epsilon = 1e-4;

    private readonly StandardConv2d _conv1, _conv2, _conv3, _projection;
    private readonly GroupNorm _norm1, _norm2, _norm3, _normProjection;

    public MusiqBottleneck(long channels, int groups)
    {
        _conv1 = Add("conv1", new StandardConv2d(channels, channels, 1));
        _norm1 = Add("gn1", new GroupNorm(groups, channels, Epsilon));
        _conv2 = Add("conv2", new StandardConv2d(channels, channels, 3));
        _norm2 = Add("gn2", new GroupNorm(groups, channels, Epsilon));
        _conv3 = Add("conv3", new StandardConv2d(channels, 4 * channels, 1));
        _norm3 = Add("gn3", new GroupNorm(groups, 4 * channels, Epsilon));
        _projection = Add("conv_proj", new StandardConv2d(channels, 4 * channels, 1));
        _normProjection = Add("gn_proj", new GroupNorm(groups, 4 * channels, Epsilon));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var x = Functional.Relu(_norm1.Forward(_conv1.Forward(input)));
        x = Functional.Relu(_norm2.Forward(_conv2.Forward(x)));
        x = _norm3.Forward(_conv3.Forward(x));
        return scope.Keep(Functional.Relu(x + _normProjection.Forward(_projection.Forward(input))));
    }
}

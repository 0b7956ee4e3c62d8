using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// Residual unit with activation before each convolution: x + conv(ReLU(BN(conv(ReLU(BN(x)))))), 3×3 without bias
/// (He, Zhang, Ren, Sun, "Identity Mappings in Deep Residual Networks", ECCV 2016).
/// </summary>
internal sealed class PreActivationUnit : Layer
{
    private readonly BatchNorm2d _norm1, _norm2;
    private readonly Conv2d _conv1, _conv2;

    public PreActivationUnit(long channels)
    {
        _norm1 = Add("norm1", new BatchNorm2d(channels));
        _conv1 = Add("conv1", Conv2d.Same(channels, channels, 3, bias: false));
        _norm2 = Add("norm2", new BatchNorm2d(channels));
        _conv2 = Add("conv2", Conv2d.Same(channels, channels, 3, bias: false));
        Init.KaimingUniform(_conv1.Weight);
        Init.KaimingUniform(_conv2.Weight);
    }

    public override Tensor Forward(Tensor input)
    {
        using var change = Change(input);
        return input + change;
    }

    /// <summary>x + scale ⊙ change(x) + shift, both [N, C, 1, 1].</summary>
    public Tensor Forward(Tensor input, Tensor scale, Tensor shift)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(input + (Change(input) * scale) + shift);
    }

    private Tensor Change(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var hidden = _conv1.Forward(Functional.Relu(_norm1.Forward(input)));
        return scope.Keep(_conv2.Forward(Functional.Relu(_norm2.Forward(hidden))));
    }
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>The block of <see cref="SqueezeNet"/>: 1×1 to few channels, then 1×1 and 3×3 side by side, ReLU after each.</summary>
internal sealed class Fire : Layer
{
    private readonly Conv2d _squeeze, _narrow, _wide;

    public Fire(long inChannels, long squeezed, long expanded)
    {
        _squeeze = Add("squeeze", new Conv2d(inChannels, squeezed, 1));
        _narrow = Add("expand1x1", new Conv2d(squeezed, expanded, 1));
        _wide = Add("expand3x3", Conv2d.Same(squeezed, expanded, 3));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var few = Functional.Relu(_squeeze.Forward(input));
        return scope.Keep(Tensor.Cat([Functional.Relu(_narrow.Forward(few)), Functional.Relu(_wide.Forward(few))], 1));
    }
}

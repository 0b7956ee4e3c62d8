using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>x + conv(ReLU(conv(x))), 3×3, no normalisation: the residual block of EDSR (Lim et al., CVPRW 2017).</summary>
public sealed class ResidualBlock : Layer
{
    private readonly Conv2d _first;
    private readonly Conv2d _second;

    public ResidualBlock(long channels)
    {
        _first = Add("conv1", Conv2d.Same(channels, channels, 3));
        _second = Add("conv2", Conv2d.Same(channels, channels, 3));
    }

    public override Tensor Forward(Tensor input)
    {
        using var change = Change(input);
        return input + change;
    }

    private Tensor Change(Tensor input)
    {
        using var active = Active(input);
        return _second.Forward(active);
    }

    private Tensor Active(Tensor input)
    {
        using var hidden = _first.Forward(input);
        return Functional.Relu(hidden);
    }
}

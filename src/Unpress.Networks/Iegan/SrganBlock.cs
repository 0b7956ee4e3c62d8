using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>The residual block of the SRGAN paper: x + BN(conv(PReLU(BN(conv(x))))).</summary>
internal sealed class SrganBlock : Layer
{
    private readonly Sequential _layers;

    public SrganBlock(long width) => _layers = Add("layers", new Sequential(
        Conv2d.Same(width, width, 3), new BatchNorm2d(width), new PRelu(), Conv2d.Same(width, width, 3), new BatchNorm2d(width)));

    public override Tensor Forward(Tensor input)
    {
        using var change = _layers.Forward(input);
        return input + change;
    }
}

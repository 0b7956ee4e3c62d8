using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>x + conv(ReLU(conv(x))), 5×5, named body.0 and body.2.</summary>
internal sealed class IptBlock : Layer
{
    private readonly Sequential _body;

    public IptBlock(long channels)
        => _body = Add("body", new Sequential(Conv2d.Same(channels, channels, 5), new Relu(), Conv2d.Same(channels, channels, 5)));

    public override Tensor Forward(Tensor input)
    {
        using var change = _body.Forward(input);
        return input + change;
    }
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>MPRNet's CAB: two 3×3 convolutions, each channel scaled by what its mean says, the input added. No biases.</summary>
internal sealed class AttentionBlock : Layer
{
    private readonly Sequential _gate;
    private readonly Sequential _body;

    /// <param name="activation">One for the whole network: its slope is a single shared parameter.</param>
    public AttentionBlock(int width, int reduction, PRelu activation)
    {
        _gate = Add("CA.conv_du", new Sequential(
            Conv2d.Same(width, width / reduction, 1, bias: false), new Relu(), Conv2d.Same(width / reduction, width, 1, bias: false)));
        _body = Add("body", new Sequential(
            Conv2d.Same(width, width, 3, bias: false), activation, Conv2d.Same(width, width, 3, bias: false)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var change = _body.Forward(input);
        var gate = _gate.Forward(change.Mean([2, 3], keep: true)).Sigmoid();
        return scope.Keep(input + (change * gate));
    }
}

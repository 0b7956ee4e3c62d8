using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>DAQE's modulation: features from one stack, multiplied by those of a second and with those of a third added.</summary>
internal sealed class Modulation : Module
{
    private readonly Sequential _features, _scale, _shift;

    public Modulation(long inside, long guide, long width)
    {
        _features = Add("in", ConvStack.Plain(inside, width));
        _scale = Add("gamma", ConvStack.Plain(guide, width));
        _shift = Add("beta", ConvStack.Plain(guide, width));
    }

    /// <param name="guide">What the second and the third stack look at; the same size.</param>
    public Tensor Forward(Tensor input, Tensor guide)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep((_features.Forward(input) * _scale.Forward(guide)) + _shift.Forward(guide));
    }
}

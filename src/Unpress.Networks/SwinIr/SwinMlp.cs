using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Linear, GELU, linear, for each pixel: [.., C] to [.., C].</summary>
internal sealed class SwinMlp : Layer
{
    private readonly Linear _fc1, _fc2;

    public SwinMlp(long width, long hidden)
    {
        _fc1 = Add("fc1", SwinBlock.Start(new Linear(width, hidden)));
        _fc2 = Add("fc2", SwinBlock.Start(new Linear(hidden, width)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_fc2.Forward(Functional.Gelu(_fc1.Forward(input))));
    }
}

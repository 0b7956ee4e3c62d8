using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>ESRGAN's residual-in-residual dense block: three dense blocks, x + 0.2 · of their result.</summary>
internal sealed class Rrdb : Layer
{
    private readonly DenseBlock _first, _second, _third;

    public Rrdb(long width, long growth)
    {
        _first = Add("rdb1", new DenseBlock(width, growth));
        _second = Add("rdb2", new DenseBlock(width, growth));
        _third = Add("rdb3", new DenseBlock(width, growth));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(input + (_third.Forward(_second.Forward(_first.Forward(input))) * RrdbNet.BranchScale));
    }
}

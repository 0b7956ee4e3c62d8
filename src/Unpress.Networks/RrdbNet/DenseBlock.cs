using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// ESRGAN's dense block: four 3×3 convolutions with LeakyReLU 0.2, each reading all that came before, a fifth that reads everything and
/// returns to the width; x + 0.2 · of it.
/// </summary>
internal sealed class DenseBlock : Layer
{
    private readonly Conv2d[] _convs;

    public DenseBlock(long width, long growth)
        => _convs = [.. Enumerable.Range(0, 5).Select(k => Add($"conv{k + 1}", Conv2d.Same(width + (k * growth), k < 4 ? growth : width, 3)))];

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var seen = input;
        foreach (var conv in _convs.SkipLast(1))
            seen = Tensor.Cat([seen, Functional.LeakyRelu(conv.Forward(seen), RrdbNet.Slope)], 1);
        return scope.Keep(input + (_convs[^1].Forward(seen) * RrdbNet.BranchScale));
    }
}

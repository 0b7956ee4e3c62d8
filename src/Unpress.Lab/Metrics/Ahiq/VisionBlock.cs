using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>A block of <see cref="VisionTransformer"/>, normalised first. [N, T, E].</summary>
internal sealed class VisionBlock : Layer
{
    private const double Epsilon = 1e-6;

    private readonly LayerNorm _norm1, _norm2;
    private readonly Linear _queryKeyValue, _out, _first, _second;
    private readonly int _heads;

    public VisionBlock(long width, int heads)
    {
        _heads = heads;
        _norm1 = Add("norm1", new LayerNorm(width, Epsilon));
        _queryKeyValue = Add("attn.qkv", new Linear(width, 3 * width));
        _out = Add("attn.proj", new Linear(width, width));
        _norm2 = Add("norm2", new LayerNorm(width, Epsilon));
        _first = Add("mlp.fc1", new Linear(width, 4 * width));
        _second = Add("mlp.fc2", new Linear(4 * width, width));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        long width = input.Size(2);
        var all = _queryKeyValue.Forward(_norm1.Forward(input));
        var x = input + _out.Forward(Attention.Of(all.Narrow(2, 0, width), all.Narrow(2, width, width), all.Narrow(2, 2 * width, width), _heads));
        return scope.Keep(x + _second.Forward(Functional.Gelu(_first.Forward(_norm2.Forward(x)))));
    }
}

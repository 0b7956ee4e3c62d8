using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>A transformer block, normalised first, whose query, key and value are layers of their own. [N, T, E].</summary>
internal sealed class MusiqBlock : Layer
{
    private readonly LayerNorm _norm1, _norm2;
    private readonly Linear _query, _key, _value, _out, _first, _second;
    private readonly int _heads;

    public MusiqBlock(long width, int heads, long inner)
    {
        _heads = heads;
        _norm1 = Add("norm1", new LayerNorm(width, MusiqNetwork.Epsilon));
        _query = Add("attention.query", new Linear(width, width));
        _key = Add("attention.key", new Linear(width, width));
        _value = Add("attention.value", new Linear(width, width));
        _out = Add("attention.out", new Linear(width, width));
        _norm2 = Add("norm2", new LayerNorm(width, MusiqNetwork.Epsilon));
        _first = Add("mlp.fc1", new Linear(width, inner));
        _second = Add("mlp.fc2", new Linear(inner, width));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var normed = _norm1.Forward(input);
        var x = input + _out.Forward(Attention.Of(_query.Forward(normed), _key.Forward(normed), _value.Forward(normed), _heads));
        return scope.Keep(x + _second.Forward(Functional.Gelu(_first.Forward(_norm2.Forward(x)))));
    }
}

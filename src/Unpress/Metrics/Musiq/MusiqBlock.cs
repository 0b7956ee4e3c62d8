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
        long batch = input.Size(0), width = input.Size(2);
        var normed = _norm1.Forward(input);
        Tensor q = Heads(_query.Forward(normed)), k = Heads(_key.Forward(normed)), v = Heads(_value.Forward(normed));
        var weights = Functional.Softmax(q.MatMul(k.Transpose(2, 3)) * (1 / Math.Sqrt(width / (double)_heads)), -1);
        var x = input + _out.Forward(weights.MatMul(v).Permute(0, 2, 1, 3).Reshape(batch, -1, width));
        return scope.Keep(x + _second.Forward(Functional.Gelu(_first.Forward(_norm2.Forward(x)))));
    }

    private Tensor Heads(Tensor tokens) => tokens.Reshape(tokens.Size(0), -1, _heads, tokens.Size(2) / _heads).Permute(0, 2, 1, 3);
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>Tokens look at each other: normalised first, self-attention, then two linear layers with GELU, each added to what came in.</summary>
internal sealed class TopiqEncoderLayer : Layer
{
    private readonly MultiheadAttention _attention;
    private readonly Linear _linear1, _linear2;
    private readonly LayerNorm _norm1, _norm2;

    public TopiqEncoderLayer(long width, int heads, long inner)
    {
        _attention = Add("self_attn", new MultiheadAttention(width, heads));
        _linear1 = Add("linear1", new Linear(width, inner));
        _linear2 = Add("linear2", new Linear(inner, width));
        _norm1 = Add("norm1", new LayerNorm(width));
        _norm2 = Add("norm2", new LayerNorm(width));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var normed = _norm1.Forward(input);
        var x = input + _attention.Forward(normed, normed);
        return scope.Keep(x + _linear2.Forward(Functional.Gelu(_linear1.Forward(_norm2.Forward(x)))));
    }
}

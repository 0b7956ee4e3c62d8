using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>Tokens look at those of a finer level. The published files hold a self-attention too, which nothing uses.</summary>
internal sealed class TopiqDecoderLayer : Module
{
    private readonly MultiheadAttention _attention;
    private readonly Linear _linear1, _linear2;
    private readonly LayerNorm _norm1, _norm2, _norm3;

    public TopiqDecoderLayer(long width, int heads, long inner)
    {
        Add("self_attn", new MultiheadAttention(width, heads));
        _attention = Add("multihead_attn", new MultiheadAttention(width, heads));
        _linear1 = Add("linear1", new Linear(width, inner));
        _linear2 = Add("linear2", new Linear(inner, width));
        _norm1 = Add("norm1", new LayerNorm(width));
        _norm2 = Add("norm2", new LayerNorm(width));
        _norm3 = Add("norm3", new LayerNorm(width));
    }

    public Tensor Forward(Tensor query, Tensor level)
    {
        using var scope = TensorScope.Enter();
        var x = query + _attention.Forward(_norm1.Forward(query), _norm2.Forward(level));
        return scope.Keep(x + _linear2.Forward(Functional.Gelu(_linear1.Forward(_norm3.Forward(x)))));
    }
}

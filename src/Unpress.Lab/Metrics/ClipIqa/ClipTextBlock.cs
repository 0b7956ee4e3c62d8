using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>A block of CLIP's text transformer, normalised first, with x·σ(1.702 x) between its two linear layers. [N, T, E].</summary>
internal sealed class ClipTextBlock : Module
{
    private const double Slope = 1.702;

    private readonly LayerNorm _norm1, _norm2;
    private readonly MultiheadAttention _attention;
    private readonly Linear _first, _second;

    public ClipTextBlock(long width, int heads)
    {
        _norm1 = Add("ln_1", new LayerNorm(width));
        _attention = Add("attn", new MultiheadAttention(width, heads));
        _norm2 = Add("ln_2", new LayerNorm(width));
        _first = Add("mlp.c_fc", new Linear(width, 4 * width));
        _second = Add("mlp.c_proj", new Linear(4 * width, width));
    }

    /// <param name="mask">[T, T], added to the attention's scores.</param>
    public Tensor Forward(Tensor input, Tensor mask)
    {
        using var scope = TensorScope.Enter();
        var normed = _norm1.Forward(input);
        var x = input + _attention.Forward(normed, normed, mask);
        var inner = _first.Forward(_norm2.Forward(x));
        return scope.Keep(x + _second.Forward(inner * (inner * Slope).Sigmoid()));
    }
}

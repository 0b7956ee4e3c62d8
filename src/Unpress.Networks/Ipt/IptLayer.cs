using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// One layer of IPT's transformer, normalised before each part: attention over the tokens themselves, in the decoder attention over what the
/// encoder found, and a two-layer perceptron, each added to its input.
/// </summary>
internal sealed class IptLayer : Module
{
    private readonly IptAttention _self;
    private readonly IptAttention? _cross;
    private readonly Linear _linear1, _linear2;
    private readonly LayerNorm[] _norms;

    /// <param name="decodes">True in the decoder: with attention over the encoder's tokens.</param>
    public IptLayer(long width, int heads, bool decodes)
    {
        _self = Add("self_attn", new IptAttention(width, heads));
        if (decodes)
            _cross = Add("multihead_attn", new IptAttention(width, heads));
        _linear1 = Add("linear1", new Linear(width, 4 * width));
        _linear2 = Add("linear2", new Linear(4 * width, width));
        _norms = [.. Enumerable.Range(1, decodes ? 3 : 2).Select(k => Add($"norm{k}", new LayerNorm(width)))];
    }

    /// <summary>A layer of the encoder: [N, tokens, C] to the same.</summary>
    public Tensor Forward(Tensor tokens)
    {
        using var scope = TensorScope.Enter();
        var normal = _norms[0].Forward(tokens);
        return scope.Keep(Perceive(tokens + _self.Forward(normal, normal, normal)));
    }

    /// <summary>A layer of the decoder.</summary>
    /// <param name="memory">The encoder's tokens, [N, tokens, C].</param>
    /// <param name="task">What is added to the queries (and to the keys of the tokens themselves), [1, tokens, C].</param>
    public Tensor Forward(Tensor tokens, Tensor memory, Tensor task)
    {
        using var scope = TensorScope.Enter();
        var normal = _norms[0].Forward(tokens);
        var asked = normal + task;
        var x = tokens + _self.Forward(asked, asked, normal);
        return scope.Keep(Perceive(x + _cross!.Forward(_norms[1].Forward(x) + task, memory, memory)));
    }

    private Tensor Perceive(Tensor x) => x + _linear2.Forward(Functional.Relu(_linear1.Forward(_norms[^1].Forward(x))));
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>Scaled dot-product attention: Vaswani et al., "Attention Is All You Need", NeurIPS 2017, eq. 1, in several heads.</summary>
internal static class Attention
{
    /// <summary>What each query finds among the keys.</summary>
    /// <param name="query">[N, Q, E], projected; the heads lie side by side in E.</param>
    /// <param name="key">[N, T, E].</param>
    /// <param name="value">[N, T, E].</param>
    /// <param name="mask">[Q, T], added to the scores; null for none.</param>
    /// <returns>[N, Q, E].</returns>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, int heads, Tensor? mask = null)
    {
        using var scope = TensorScope.Enter();
        long batch = query.Size(0), width = query.Size(2);
        var scores = Split(query, heads).MatMul(Split(key, heads).Transpose(2, 3)) * (1 / Math.Sqrt(width / (double)heads));
        if (mask is not null)
            scores += mask;
        return scope.Keep(Functional.Softmax(scores, -1).MatMul(Split(value, heads)).Permute(0, 2, 1, 3).Reshape(batch, -1, width));
    }

    // [N, heads, T, E/heads]
    private static Tensor Split(Tensor tokens, int heads)
        => tokens.Reshape(tokens.Size(0), -1, heads, tokens.Size(2) / heads).Permute(0, 2, 1, 3);
}

/// <summary>PyTorch's multi-head attention with its names: <c>in_proj_weight</c> stacks query, key and value by rows. [N, T, E] throughout.</summary>
internal sealed class MultiheadAttention : Module
{
    private readonly Tensor _weight, _bias;
    private readonly Linear _out;
    private readonly int _heads;

    public MultiheadAttention(long width, int heads)
    {
        _heads = heads;
        _weight = AddParameter("in_proj_weight", Tensor.Randn([3 * width, width]) * (1 / Math.Sqrt(width)));
        _bias = AddParameter("in_proj_bias", Tensor.Zeros([3 * width]));
        _out = Add("out_proj", new Linear(width, width));
    }

    /// <summary>What each query finds among the keys.</summary>
    /// <param name="mask">[queries, keys], added to the scores; null for none.</param>
    public Tensor Forward(Tensor query, Tensor memory, Tensor? mask = null)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_out.Forward(Attention.Of(Part(query, 0), Part(memory, 1), Part(memory, 2), _heads, mask)));
    }

    private Tensor Part(Tensor tokens, int place)
    {
        long width = tokens.Size(2);
        return Functional.Linear(tokens, _weight.Narrow(0, place * width, width), _bias.Narrow(0, place * width, width));
    }
}

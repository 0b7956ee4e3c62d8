using Unpress.Torch;

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

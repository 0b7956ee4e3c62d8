using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// mean |m_k − mean_k m_k|, where m_k is the local mean of f(x) − y over one of the four places of the 2×2 grid: a pattern that repeats every two pixels, as
/// networks leave it that compute at half the resolution and learn from features of strided convolutions, which hardly see it. Ours. Random texture has means
/// near 0 and costs nothing. The local mean is over 16×16 pixels.
/// </summary>
public sealed class GridLoss : ILossTerm
{
    private const int Places = 4, Window = 8;

    public static LossEntry Entry { get; } = LossEntry.Of("grid", "a pattern that repeats every two pixels (checkerboard)", () => new GridLoss());

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Recipe.Data.Patch.Size < 2 * Window)
            yield return $"patches of {plan.Recipe.Data.Patch.Size} pixels are smaller than its window of {2 * Window}";
    }

    public Tensor Evaluate(LossInput step) => Of(step.Enhanced - step.Raw);

    /// <summary>Of a difference, [N,C,H,W] of 16×16 pixels or more.</summary>
    public static Tensor Of(Tensor difference)
    {
        using var scope = TensorScope.Enter();
        long height = difference.Size(2) / 2 * 2, width = difference.Size(3) / 2 * 2;
        var even = difference.Narrow(2, 0, height).Narrow(3, 0, width);
        var means = Functional.AvgPool2d(Functional.PixelUnshuffle(even, 2), Window, Window / 2);
        var byPlace = means.Reshape(means.Size(0), difference.Size(1), Places, means.Size(2), means.Size(3));
        return scope.Keep((byPlace - byPlace.Mean([2], keep: true)).Abs().Mean());
    }
}

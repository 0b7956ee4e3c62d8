using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// The share of the error f(x) − y that is a pattern which repeats every two pixels: mean_k (m_k − m)² / (v + ε), where m_k is the local mean
/// of the error over one of the four places of the 2×2 grid, m their mean and v the local variance of the error, each over 16×16 pixels of a
/// channel. Networks that compute at half the resolution leave such a pattern where they learn from features of strided convolutions, which
/// hardly see it. Ours. 1 where the error is nothing else; of errors that know no grid about 3/256.
/// </summary>
public sealed class GridLoss : ILossTerm
{
    private const int Places = 4, Window = 8;

    /// <summary>An error of one level of 255, squared: what is smaller nobody sees.</summary>
    private const double Least = 1.0 / (255 * 255);

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
        var byPlace = Functional.PixelUnshuffle(difference.Narrow(2, 0, height).Narrow(3, 0, width), 2);
        var means = Local(byPlace);
        var mean = means.Mean([2], keep: true);
        var variance = Local(byPlace.Square()).Mean([2], keep: true) - mean.Square();
        return scope.Keep(((means - mean).Square().Mean([2], keep: true) / (variance + Least)).Mean());

        // [N,4C,h,w] to [N,C,4,h',w'], means over windows.
        Tensor Local(Tensor values)
        {
            var pooled = Functional.AvgPool2d(values, Window, Window / 2);
            return pooled.Reshape(pooled.Size(0), difference.Size(1), Places, pooled.Size(2), pooled.Size(3));
        }
    }
}

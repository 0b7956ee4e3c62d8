using Unpress.Recipes;

namespace Unpress.Losses;

/// <summary>Options of <see cref="CharbonnierLoss"/>.</summary>
public sealed record CharbonnierOptions : IHasFaults
{
    /// <summary>Below this difference (of 0..1) the loss is quadratic; MPRNet's value.</summary>
    public double Epsilon { get; init; } = 1e-3;

    public IEnumerable<string> Faults()
    {
        if (Epsilon <= 0)
            yield return FormattableString.Invariant($"epsilon is {Epsilon}, must be above 0");
    }
}

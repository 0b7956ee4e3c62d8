using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>mean √((f(x) − y)² + ε²): Charbonnier et al., ICIP 1994, as used by MPRNet (Zamir et al., CVPR 2021, eq. 2).</summary>
public sealed class CharbonnierLoss(CharbonnierOptions options) : ILossTerm
{
    public static LossEntry Entry { get; } = new(
        "charbonnier", "smooth absolute difference", section => new CharbonnierLoss(section.Read<CharbonnierOptions>()));

    public Tensor Evaluate(LossInput step)
        => ((step.Enhanced - step.Raw).Square() + (options.Epsilon * options.Epsilon)).Sqrt().Mean();
}

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

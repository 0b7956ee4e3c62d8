using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>mean |f(x) − y|.</summary>
public sealed class L1Loss : ILossTerm
{
    public static LossEntry Entry { get; } = LossEntry.Of("l1", "mean absolute difference", () => new L1Loss());

    public Tensor Evaluate(LossInput step) => Functional.L1Loss(step.Enhanced, step.Raw);
}

/// <summary>mean (f(x) − y)².</summary>
public sealed class L2Loss : ILossTerm
{
    public static LossEntry Entry { get; } = LossEntry.Of("l2", "mean squared difference", () => new L2Loss());

    public Tensor Evaluate(LossInput step) => Functional.MseLoss(step.Enhanced, step.Raw);
}

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

/// <summary>
/// ½·(mean |f(x) − x| + mean |f(y) − y|): for auto-encoders, which shall give back what they see, damage included. The content term of
/// DAGN's auto-encoders (TIP 2024, eq. 3).
/// </summary>
public sealed class ReconstructionLoss : ILossTerm
{
    public static LossEntry Entry { get; } = LossEntry.Of(
        "reconstruction", "an auto-encoder gives back compressed and raw pictures", () => new ReconstructionLoss());

    public Tensor Evaluate(LossInput step)
        => (Functional.L1Loss(step.Enhanced, step.Compressed) + Functional.L1Loss(step.EnhancedRaw, step.Raw)) * 0.5;
}

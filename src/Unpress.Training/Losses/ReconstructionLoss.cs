using Unpress.Torch;

namespace Unpress.Losses;

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

using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>mean |f(x) − y|.</summary>
public sealed class L1Loss : ILossTerm
{
    public static LossEntry Entry { get; } = LossEntry.Of("l1", "mean absolute difference", () => new L1Loss());

    public Tensor Evaluate(LossInput step) => Functional.L1Loss(step.Enhanced, step.Raw);
}

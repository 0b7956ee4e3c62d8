using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>mean (f(x) − y)².</summary>
public sealed class L2Loss : ILossTerm
{
    public static LossEntry Entry { get; } = LossEntry.Of("l2", "mean squared difference", () => new L2Loss());

    public Tensor Evaluate(LossInput step) => Functional.MseLoss(step.Enhanced, step.Raw);
}

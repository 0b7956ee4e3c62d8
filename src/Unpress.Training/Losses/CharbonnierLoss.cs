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

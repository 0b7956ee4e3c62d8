using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// mean |DCT(f(x)) − DCT(y)| over the coefficients of 8×8 blocks, orthonormal, of pictures in 0..1: what a pixel loss sees as one error counts
/// here by the frequencies it is made of. Blocks begin at the patch's corner.
/// </summary>
public sealed class DctLoss : ILossTerm
{
    public static LossEntry Entry { get; } = LossEntry.Of("dct", "mean absolute difference of block DCT coefficients", () => new DctLoss());

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Recipe.Data.Patch.Size % BlockDct.Side != 0)
            yield return $"needs patches of whole blocks of {BlockDct.Side} pixels, data.patch.size is {plan.Recipe.Data.Patch.Size}";
    }

    // The transform is linear: that of the difference is the difference of those.
    public Tensor Evaluate(LossInput step) => BlockDct.Forward(step.Enhanced - step.Raw).Abs().Mean();
}

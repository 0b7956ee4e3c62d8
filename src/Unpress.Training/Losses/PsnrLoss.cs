using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// −PSNR(f(x), y) in dB, the mean over the patches: 10·log₁₀(mean (f(x) − y)² + ε), as HINet and NAFNet are trained (Chen et al., CVPRW 2021
/// and ECCV 2022). A patch counts by the ratio of its error, so that lightly damaged patches weigh as much as heavily damaged ones.
/// </summary>
public sealed class PsnrLoss(PsnrLossOptions options) : ILossTerm
{
    public static LossEntry Entry { get; } = new("psnr", "PSNR of each patch, negative", section => new PsnrLoss(section.Read<PsnrLossOptions>()));

    public Tensor Evaluate(LossInput step)
    {
        var error = (step.Enhanced - step.Raw).Square().Mean([1, 2, 3]);
        return (error + options.Epsilon).Log().Mean() * (10 / Math.Log(10));
    }
}

/// <summary>Options of <see cref="PsnrLoss"/>.</summary>
public sealed record PsnrLossOptions : IHasFaults
{
    /// <summary>
    /// Added to the mean squared error of a patch (of 0..1): patches below this error count little more. 1e-4 is 40 dB; NAFNet's 1e-8 lets
    /// undamaged patches count most of all.
    /// </summary>
    public double Epsilon { get; init; } = 1e-8;

    public IEnumerable<string> Faults()
    {
        if (Epsilon <= 0)
            yield return FormattableString.Invariant($"epsilon is {Epsilon}, must be above 0");
    }
}

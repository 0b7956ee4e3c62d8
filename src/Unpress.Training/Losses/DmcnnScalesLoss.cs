using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// DMCNN's multi-scale loss (Zhang et al., ICIP 2018): Σ_i θ^i·MSE(Õ_i, O_i) over the decoder's sizes 1, ½, ¼, and λ·MSE(Õ_D, O_0) of the
/// rectified picture of the DCT domain. θ and λ are second-hand, from an implementation that is not the authors'; smaller originals are
/// means over squares, our reading.
/// </summary>
public sealed class DmcnnScalesLoss(DmcnnScalesOptions options) : ILossTerm
{
    public static LossEntry Entry { get; } = new(
        "dmcnn-scales", "squared differences at three sizes and of the rectified picture of DMCNN", section =>
            new DmcnnScalesLoss(section.Read<DmcnnScalesOptions>()));

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network is not Dmcnn { HasScales: true })
            yield return "is for network dmcnn with scales: true";
        if (plan.Recipe.Consistent)
            yield return "compares all sizes, none of which consistent moves; set it to false";
    }

    public Tensor Evaluate(LossInput step)
    {
        var (scales, rectified) = ((Dmcnn)step.Network).AllScales(step.Compressed, step.Conditions);
        var total = (rectified - step.Raw).Square().Mean() * options.Rectified;
        for (int i = 0; i < scales.Length; i++)
        {
            var original = i == 0 ? step.Raw : Functional.AvgPool2d(step.Raw, 1 << i, 1 << i);
            total += (scales[i] - original).Square().Mean() * Math.Pow(options.Scale, i);
        }

        return total;
    }
}

/// <summary>Options of <see cref="DmcnnScalesLoss"/>.</summary>
public sealed record DmcnnScalesOptions : IHasFaults
{
    /// <summary>θ: the weight of each size against that of the next larger.</summary>
    public double Scale { get; init; } = 0.618;

    /// <summary>λ: the weight of the rectified picture.</summary>
    public double Rectified { get; init; } = 0.9;

    public IEnumerable<string> Faults()
    {
        if (Scale is not >= 0 || Rectified is not >= 0)
            yield return FormattableString.Invariant($"scale and rectified are {Scale} and {Rectified}, must be 0 or more");
    }
}

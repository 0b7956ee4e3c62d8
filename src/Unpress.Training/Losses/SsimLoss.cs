using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// 1 − SSIM(f(x), y), Wang et al., TIP 2004: Gaussian window of 11×11 with σ = 1.5, C₁ = 0.01², C₂ = 0.03² for 0..1, inside the border only,
/// the mean over channels and pixels.
/// </summary>
public sealed class SsimLoss : ILossTerm
{
    private const int Window = 11;
    private const double Deviation = 1.5;
    private const double C1 = 0.01 * 0.01;
    private const double C2 = 0.03 * 0.03;

    public static LossEntry Entry { get; } = LossEntry.Of("ssim", "1 − structural similarity", () => new SsimLoss());

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Recipe.Data.Patch.Size < Window)
            yield return $"needs patches of {Window} pixels or more, data.patch.size is {plan.Recipe.Data.Patch.Size}";
    }

    public Tensor Evaluate(LossInput step) => 1 - Similarity(step.Enhanced, step.Raw).Mean();

    private static Tensor Similarity(Tensor a, Tensor b)
    {
        var (down, across) = (Kernel(a, Window, 1), Kernel(a, 1, Window));
        var (meanA, meanB) = (Blur(a), Blur(b));
        var (squareA, squareB, product) = (meanA.Square(), meanB.Square(), meanA * meanB);
        var (varianceA, varianceB, covariance) = (Blur(a.Square()) - squareA, Blur(b.Square()) - squareB, Blur(a * b) - product);
        return ((product * 2) + C1) * ((covariance * 2) + C2) / ((squareA + squareB + C1) * (varianceA + varianceB + C2));

        Tensor Blur(Tensor image) => Functional.Conv2d(Functional.Conv2d(image, down, null, groups: a.Size(1)), across, null, groups: a.Size(1));
    }

    // One Gaussian for each channel, as a row or as a column.
    private static Tensor Kernel(Tensor like, long height, long width)
    {
        double[] weights = [.. Enumerable.Range(0, Window).Select(k => Math.Exp(-Math.Pow(k - (Window / 2), 2) / (2 * Deviation * Deviation)))];
        double sum = weights.Sum();
        var row = Tensor.From(weights.Select(weight => weight / sum).ToArray(), 1, 1, height, width).To(like.DType).To(like.Device);
        return Tensor.Cat([.. Enumerable.Repeat(row, (int)like.Size(1))], 0);
    }
}

using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// Σ over MPRNet's three stages of Charbonnier(X, y) + 0.05 · Charbonnier(ΔX, Δy), ε = 1e-3, Δ the Laplacian: Zamir et al., CVPR 2021,
/// eq. 1 to 3. PowerQE trains on the last stage's Charbonnier alone, which is the loss <c>charbonnier</c>.
/// </summary>
public sealed class MprNetStagesLoss : ILossTerm
{
    private const double Epsilon = 1e-3;
    private const double EdgeWeight = 0.05;

    public static LossEntry Entry { get; } = LossEntry.Of(
        "mprnet-stages", "smooth absolute difference of pictures and of edges at each stage of MPRNet", () => new MprNetStagesLoss());

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network is not MprNet)
            yield return "is for network mprnet";
        if (plan.Recipe.Consistent)
            yield return "compares all stages, none of which consistent moves; set it to false";
    }

    public Tensor Evaluate(LossInput step)
        => ((MprNet)step.Network).AllStages(step.Compressed)
            .Select(picture => picture - step.Raw)
            .Select(difference => Charbonnier(difference) + (Charbonnier(Laplacian.Of(difference)) * EdgeWeight))
            .Aggregate((sum, stage) => sum + stage);

    private static Tensor Charbonnier(Tensor difference) => (difference.Square() + (Epsilon * Epsilon)).Sqrt().Mean();
}

/// <summary>A picture less its blurred half-size version: one level of Burt and Adelson's pyramid, as MPRNet's edge loss computes it.</summary>
internal static class Laplacian
{
    private static readonly double[] Taps = [0.05, 0.25, 0.4, 0.25, 0.05];

    /// <summary>[N,C,H,W] to the same. Linear, so that of a difference is the difference of two.</summary>
    public static Tensor Of(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        var shape = picture.Shape;
        var kernel = Tensor.From([.. Taps.SelectMany(_ => Taps, (down, across) => down * across)], 1, 1, 5, 5)
            .To(picture.DType).To(picture.Device);
        var low = Blur(picture, kernel) * EverySecond(shape[2], shape[3]).To(picture.DType).To(picture.Device);
        return scope.Keep(picture - Blur(low, kernel));
    }

    /// <summary>Channel by channel, the border repeated.</summary>
    private static Tensor Blur(Tensor picture, Tensor kernel)
    {
        var shape = picture.Shape;
        var planes = Functional.Pad(picture.Reshape(shape[0] * shape[1], 1, shape[2], shape[3]), 2, 2, 2, 2, Padding.Replicate);
        return Functional.Conv2d(planes, kernel, null).Reshape(shape);
    }

    /// <summary>What halving and doubling the size without interpolation leaves: 4 where row and column are even, else 0.</summary>
    private static Tensor EverySecond(long height, long width)
    {
        var mask = new float[height * width];
        for (long y = 0; y < height; y += 2)
            for (long x = 0; x < width; x += 2)
                mask[(y * width) + x] = 4;
        return Tensor.From(mask, height, width);
    }
}

using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Multi-scale structural similarity, product of the scales.</summary>
public sealed class MsSsim : IMetric
{
    public string Name => "ms-ssim";

    public string Summary => "Multi-scale structural similarity, product of the scales";

    public MetricContract Contract => MsSsimScales.Contract;

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        double product = 1;
        var values = MsSsimScales.Of(reference, image);
        // A negative mean has no fractional power: such a scale has nothing in common and counts as zero.
        for (int scale = 0; scale < values.Length; scale++)
            product *= Math.Pow(Math.Max(values[scale], 0), MsSsimScales.Weights[scale]);
        return product;
    }
}

/// <summary>
/// The five scales of Wang, Simoncelli, Bovik: Multi-scale Structural Similarity for Image Quality Assessment,
/// Asilomar 2003: contrast-structure at every scale, SSIM at the coarsest, 2×2 means between scales.
/// </summary>
internal static class MsSsimScales
{
    /// <summary>An 11-pixel window must still fit after four halvings.</summary>
    private const int MinSide = 11 * 16;

    /// <summary>What both forms promise; range and source are those of the product.</summary>
    public static MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "only windows wholly inside the picture; odd sides mirrored before halving",
        Window = "Gaussian 11×11, σ 1.5, at five scales",
        Range = "0..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = MinSide,
        Source = "Wang, Simoncelli, Bovik, Asilomar 2003, eq. 7, weights as published",
    };

    /// <summary>The published weights, finest scale first; they sum to 1.0001.</summary>
    public static double[] Weights { get; } = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    /// <summary>One value a scale, finest first: mean contrast-structure, and mean SSIM as the last.</summary>
    public static double[] Of(ImageBuffer reference, ImageBuffer image)
    {
        Plane x = Luma.GrayUint8.Of(reference), y = Luma.GrayUint8.Of(image);
        var values = new double[Weights.Length];
        for (int scale = 0; scale < values.Length; scale++)
        {
            if (scale > 0)
                (x, y) = (StoredPlane.Halve(x), StoredPlane.Halve(y));
            var score = SsimMap.Mean(x, y, SsimWindow.Gaussian);
            values[scale] = scale == values.Length - 1 ? score.Ssim : score.ContrastStructure;
        }
        return values;
    }
}

/// <summary>Multi-scale structural similarity, weighted sum of the scales.</summary>
public sealed class MsSsimSum : IMetric
{
    public string Name => "ms-ssim-sum";

    public string Summary => "Multi-scale structural similarity, weighted sum of the scales";

    public MetricContract Contract { get; } = MsSsimScales.Contract with
    {
        Range = "-1..1",
        Source = "Wang, Simoncelli, Bovik, Asilomar 2003, weights divided by their sum; the form of the official MATLAB scores",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        double sum = 0;
        var values = MsSsimScales.Of(reference, image);
        for (int scale = 0; scale < values.Length; scale++)
            sum += MsSsimScales.Weights[scale] * values[scale];
        return sum / MsSsimScales.Weights.Sum();
    }
}

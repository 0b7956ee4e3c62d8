using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>
/// Multi-scale structural similarity: the five scales of Wang, Simoncelli, Bovik: Multi-scale Structural Similarity for Image Quality Assessment, Asilomar
/// 2003: contrast-structure at every scale, SSIM at the coarsest, 2×2 means between scales. Two conventions, each with a name of its own.
/// </summary>
public sealed class MsSsim : IMetric
{
    private static readonly MetricContract Common = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "only windows wholly inside the picture; odd sides mirrored before halving",
        Window = "Gaussian 11×11, σ 1.5, at five scales",
        Range = "0..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = 11 * 16, // an 11-pixel window must still fit after four halvings
        Source = "Wang, Simoncelli, Bovik, Asilomar 2003, eq. 7, weights as published",
    };

    /// <summary>The published weights, finest scale first; they sum to 1.0001.</summary>
    private static readonly double[] Weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    private readonly Func<double[], double> _pool;

    private MsSsim(string name, string summary, MetricContract contract, Func<double[], double> pool)
        => (Name, Summary, Contract, _pool) = (name, summary, contract, pool);

    /// <summary>The product of the scales.</summary>
    public MsSsim()
        : this("ms-ssim", "Multi-scale structural similarity, product of the scales", Common, Product)
    {
    }

    public static MsSsim Sum { get; } = new(
        "ms-ssim-sum", "Multi-scale structural similarity, weighted sum of the scales",
        Common with
        {
            Range = "-1..1",
            Source = "Wang, Simoncelli, Bovik, Asilomar 2003, weights divided by their sum; the form of the official MATLAB scores",
        },
        WeightedSum);

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return _pool(Scales(reference, image));
    }

    /// <summary>One value a scale, finest first: mean contrast-structure, and mean SSIM as the last.</summary>
    private static double[] Scales(ImageBuffer reference, ImageBuffer image)
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

    // A negative mean has no fractional power: such a scale has nothing in common and counts as zero.
    private static double Product(double[] values)
    {
        double product = 1;
        for (int scale = 0; scale < values.Length; scale++)
            product *= Math.Pow(Math.Max(values[scale], 0), Weights[scale]);
        return product;
    }

    private static double WeightedSum(double[] values)
    {
        double sum = 0;
        for (int scale = 0; scale < values.Length; scale++)
            sum += Weights[scale] * values[scale];
        return sum / Weights.Sum();
    }
}

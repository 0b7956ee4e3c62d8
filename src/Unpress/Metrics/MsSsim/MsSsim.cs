using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Multi-scale structural similarity, product of the scales.</summary>
public sealed class MsSsim : IMetric
{
    public string Name => "ms-ssim";

    public string Summary => "Multi-scale structural similarity, product of the scales";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "only windows wholly inside the picture; odd sides mirrored before halving",
        Window = "Gaussian 11×11, σ 1.5, at five scales",
        Range = "0..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = MsSsimScales.MinSide,
        Source = "Wang, Simoncelli, Bovik, Asilomar 2003, eq. 7, weights as published",
    };

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

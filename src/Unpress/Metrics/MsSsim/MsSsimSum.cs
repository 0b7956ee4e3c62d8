using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Multi-scale structural similarity, weighted sum of the scales.</summary>
public sealed class MsSsimSum : IMetric
{
    public string Name => "ms-ssim-sum";

    public string Summary => "Multi-scale structural similarity, weighted sum of the scales";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "only windows wholly inside the picture; odd sides mirrored before halving",
        Window = "Gaussian 11×11, σ 1.5, at five scales",
        Range = "-1..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = MsSsimScales.MinSide,
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

using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Structural similarity of the gray picture in whole numbers, as its authors compute it.</summary>
public sealed class SsimGray : IMetric
{
    public string Name => "ssim-gray";

    public string Summary => "Structural similarity of the gray picture in whole numbers, as its authors compute it";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "only windows wholly inside the picture",
        Window = "Gaussian 11×11, σ 1.5, variances E[x²] − µ²; no downsampling",
        Range = "-1..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = 11,
        Source = "Wang et al., IEEE TIP 2004, eq. 13; official MATLAB scores",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return SsimMap.Mean(Luma.GrayUint8.Of(reference), Luma.GrayUint8.Of(image), SsimWindow.Gaussian).Ssim;
    }
}

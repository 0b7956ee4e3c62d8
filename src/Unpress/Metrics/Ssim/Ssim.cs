using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Structural similarity, Gaussian window, mean of the bands.</summary>
public sealed class Ssim : IMetric
{
    public string Name => "ssim";

    public string Summary => "Structural similarity, Gaussian window, mean of the bands";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB: mean of the three bands' scores; gray as stored",
        Border = "only windows wholly inside the picture",
        Window = "Gaussian 11×11, σ 1.5, variances E[x²] − µ²",
        Range = "-1..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = 11,
        Source = "Wang et al., IEEE TIP 2004, eq. 13; per band as FBCNN, SwinIR and DAGN report it",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return SsimMap.MeanOfBands(reference, image, SsimWindow.Gaussian);
    }
}

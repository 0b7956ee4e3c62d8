using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Structural similarity of the studio-swing luma (BT.601, 16..235), not rounded.</summary>
public sealed class SsimY : IMetric
{
    public string Name => "ssim-y";

    public string Summary => "Structural similarity of the studio-swing luma (BT.601, 16..235), not rounded";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "Y = 16 + (65.481 R + 128.553 G + 24.966 B)/255, not rounded; gray as stored",
        Border = "only windows wholly inside the picture",
        Window = "Gaussian 11×11, σ 1.5, variances E[x²] − µ²",
        Range = "-1..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = 11,
        Source = "Wang et al., IEEE TIP 2004, eq. 13; BasicSR, test_y_channel",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return SsimMap.Mean(Luma.Studio.Of(reference), Luma.Studio.Of(image), SsimWindow.Gaussian).Ssim;
    }
}

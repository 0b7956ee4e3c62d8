using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>PSNR of the studio-swing luma (BT.601, 16..235), not rounded.</summary>
public sealed class PsnrY : IMetric
{
    public string Name => "psnr-y";

    public string Summary => "PSNR of the studio-swing luma (BT.601, 16..235), not rounded";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "Y = 16 + (65.481 R + 128.553 G + 24.966 B)/255, not rounded; gray as stored",
        Border = "nothing removed",
        Window = "the whole picture",
        Range = "dB, 0..infinity",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = true,
        MinSide = 1,
        Source = "BasicSR, test_y_channel; ITU-R BT.601",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return Decibel.FromSquaredError(SquaredDifference.Mean(Luma.Studio.Of(reference), Luma.Studio.Of(image)));
    }
}

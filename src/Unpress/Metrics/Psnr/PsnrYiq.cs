using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>PSNR of the full-range luma 0.299 R + 0.587 G + 0.114 B, not rounded.</summary>
public sealed class PsnrYiq : IMetric
{
    public string Name => "psnr-yiq";

    public string Summary => "PSNR of the full-range luma 0.299 R + 0.587 G + 0.114 B, not rounded";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "Y = 0.299 R + 0.587 G + 0.114 B, not rounded; gray as stored; 1.32 dB below psnr-y",
        Border = "nothing removed",
        Window = "the whole picture",
        Range = "dB, 0..infinity",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = true,
        MinSide = 1,
        Source = "pyiqa's psnry without the 1e-8 that it adds to the error",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return Decibel.FromSquaredError(SquaredDifference.Mean(Luma.Yiq.Of(reference), Luma.Yiq.Of(image)));
    }
}

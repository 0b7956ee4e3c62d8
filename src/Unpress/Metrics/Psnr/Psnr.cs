using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Peak signal-to-noise ratio, one mean squared error over all bands.</summary>
public sealed class Psnr : IMetric
{
    public string Name => "psnr";

    public string Summary => "Peak signal-to-noise ratio, one mean squared error over all bands";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB or gray as stored; one error over all bands, not a mean of decibels",
        Border = "nothing removed",
        Window = "the whole picture",
        Range = "dB, 0..infinity",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = true,
        MinSide = 1,
        Source = "PSNR = 10 log10(255²/MSE); as FBCNN, QGAC and DAGN report it",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return Decibel.FromSquaredError(SquaredDifference.Mean(BandPlane.AllOf(reference), BandPlane.AllOf(image)));
    }
}

internal static class Decibel
{
    /// <summary>10·log10(255²/error): infinity when the error is zero, with nothing added to keep it finite.</summary>
    public static double FromSquaredError(double error) => 10 * Math.Log10(255.0 * 255.0 / error);
}

using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>
/// Peak signal-to-noise ratio, 10 log10(255²/MSE). Papers differ in the planes that they compare, and a figure of one convention compares with none of
/// another: each is a row here, with a name of its own.
/// </summary>
public sealed class Psnr : IMetric
{
    private static readonly MetricContract Common = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "",
        Border = "nothing removed",
        Window = "the whole picture",
        Range = "dB, 0..infinity",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = true,
        MinSide = 1,
        Source = "",
    };

    private readonly Func<ImageBuffer, Plane[]> _planes;

    private Psnr(string name, string summary, string colour, string source, Func<ImageBuffer, Plane[]> planes)
    {
        (Name, Summary, _planes) = (name, summary, planes);
        Contract = Common with { Colour = colour, Source = source };
    }

    /// <summary>One mean squared error over all bands.</summary>
    public Psnr()
        : this(
            "psnr", "Peak signal-to-noise ratio, one mean squared error over all bands",
            "RGB or gray as stored; one error over all bands, not a mean of decibels",
            "PSNR = 10 log10(255²/MSE); as FBCNN, QGAC and DAGN report it",
            BandPlane.AllOf)
    {
    }

    public static Psnr Y { get; } = new(
        "psnr-y", "PSNR of the studio-swing luma (BT.601, 16..235), not rounded",
        "Y = 16 + (65.481 R + 128.553 G + 24.966 B)/255, not rounded; gray as stored",
        "BasicSR, test_y_channel; ITU-R BT.601",
        image => [Luma.Studio.Of(image)]);

    public static Psnr YUint8 { get; } = new(
        "psnr-y-uint8", "PSNR of the studio-swing luma rounded to whole numbers",
        "Y = round(16 + (65.481 R + 128.553 G + 24.966 B)/255); gray as stored",
        "MATLAB rgb2ycbcr on uint8, as papers with MATLAB code report it",
        image => [Luma.StudioUint8.Of(image)]);

    public static Psnr Yiq { get; } = new(
        "psnr-yiq", "PSNR of the full-range luma 0.299 R + 0.587 G + 0.114 B, not rounded",
        "Y = 0.299 R + 0.587 G + 0.114 B, not rounded; gray as stored; 1.32 dB below psnr-y",
        "pyiqa's psnry without the 1e-8 that it adds to the error",
        image => [Luma.Yiq.Of(image)]);

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return Decibel.FromSquaredError(SquaredDifference.Mean(_planes(reference), _planes(image)));
    }
}

internal static class Decibel
{
    /// <summary>10·log10(255²/error): infinity when the error is zero, with nothing added to keep it finite.</summary>
    public static double FromSquaredError(double error) => 10 * Math.Log10(255.0 * 255.0 / error);
}

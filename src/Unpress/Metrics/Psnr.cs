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

/// <summary>PSNR of the studio-swing luma rounded to whole numbers.</summary>
public sealed class PsnrYUint8 : IMetric
{
    public string Name => "psnr-y-uint8";

    public string Summary => "PSNR of the studio-swing luma rounded to whole numbers";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "Y = round(16 + (65.481 R + 128.553 G + 24.966 B)/255); gray as stored",
        Border = "nothing removed",
        Window = "the whole picture",
        Range = "dB, 0..infinity",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = true,
        MinSide = 1,
        Source = "MATLAB rgb2ycbcr on uint8, as papers with MATLAB code report it",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return Decibel.FromSquaredError(SquaredDifference.Mean(Luma.StudioUint8.Of(reference), Luma.StudioUint8.Of(image)));
    }
}

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

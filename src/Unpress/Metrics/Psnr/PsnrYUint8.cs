using Unpress.Imaging;

namespace Unpress.Metrics;

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

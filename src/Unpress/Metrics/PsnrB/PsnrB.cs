using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>PSNR with blocking effect: one error over all bands, blocks of the rounded luma.</summary>
public sealed class PsnrB : IMetric
{
    public string Name => "psnr-b";

    public string Summary => "PSNR with blocking effect: one error over all bands, blocks of the rounded luma";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "error over RGB; blocks of Y = round(16 + (65.481 R + 128.553 G + 24.966 B)/255); gray as stored",
        Border = "nothing removed; the 8×8 grid starts in the top-left corner",
        Window = "the whole picture; neighbouring pixels",
        Range = "dB, at most the PSNR of the same data; finite on identical pictures that have blocks themselves",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = false,
        MinSide = 16,
        Source = "Yim and Bovik, IEEE TIP 2011; edge pairs counted as FBCNN counts them (W/8 − 1 in real numbers)",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        double error = SquaredDifference.Mean(BandPlane.AllOf(reference), BandPlane.AllOf(image));
        double blocking = BlockingEffect.Factor(Luma.StudioUint8.Of(image), EdgeCount.RealDivision);
        return Decibel.FromSquaredError(error + blocking);
    }
}

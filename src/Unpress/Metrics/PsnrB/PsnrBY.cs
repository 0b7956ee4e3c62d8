using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>PSNR with blocking effect of the studio-swing luma alone, edge pairs counted exactly.</summary>
public sealed class PsnrBY : IMetric
{
    public string Name => "psnr-b-y";

    public string Summary => "PSNR with blocking effect of the studio-swing luma alone, edge pairs counted exactly";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "Y = 16 + (65.481 R + 128.553 G + 24.966 B)/255, not rounded; gray as stored",
        Border = "nothing removed; the 8×8 grid starts in the top-left corner",
        Window = "the whole picture; neighbouring pixels",
        Range = "dB, at most the PSNR of the same data; finite on identical pictures that have blocks themselves",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = false,
        MinSide = 9,
        Source = "Yim and Bovik, IEEE TIP 2011, as published",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        var luma = Luma.Studio.Of(image);
        double error = SquaredDifference.Mean(Luma.Studio.Of(reference), luma);
        return Decibel.FromSquaredError(error + BlockingEffect.Factor(luma, EdgeCount.Exact));
    }
}

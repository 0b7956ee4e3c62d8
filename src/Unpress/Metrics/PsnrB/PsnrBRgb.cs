using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>PSNR with blocking effect of each band, decibels averaged.</summary>
public sealed class PsnrBRgb : IMetric
{
    public string Name => "psnr-b-rgb";

    public string Summary => "PSNR with blocking effect of each band, decibels averaged";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "error and blocks of each band alone, mean of the bands' decibels; gray as stored",
        Border = "nothing removed; the 8×8 grid starts in the top-left corner",
        Window = "the whole picture; neighbouring pixels",
        Range = "dB, at most the PSNR of the same data; finite on identical pictures that have blocks themselves",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = false,
        MinSide = 16,
        Source = "Yim and Bovik, IEEE TIP 2011; edge pairs counted as KAIR and SwinIR count them (W/8 − 1 rounded down)",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        double sum = 0;
        for (int band = 0; band < image.ColourBands; band++)
        {
            var plane = new BandPlane(image, band);
            double error = SquaredDifference.Mean(new BandPlane(reference, band), plane);
            sum += Decibel.FromSquaredError(error + BlockingEffect.Factor(plane, EdgeCount.FloorDivision));
        }
        return sum / image.ColourBands;
    }
}

using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Structural similarity, uniform 8×8 window, mean of the bands.</summary>
public sealed class SsimUniform : IMetric
{
    public string Name => "ssim-u";

    public string Summary => "Structural similarity, uniform 8×8 window, mean of the bands";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB: mean of the three bands' scores; gray as stored",
        Border = "only windows wholly inside the picture",
        Window = "uniform 8×8, every position, variances E[x²] − µ²",
        Range = "-1..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = 8,
        Source = "Wang and Bovik, IEEE SPL 2002, with the constants of 2004; as DDCN, DMCNN, QGAC and JDEC report it",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return SsimMap.MeanOfBands(reference, image, SsimWindow.Uniform);
    }
}

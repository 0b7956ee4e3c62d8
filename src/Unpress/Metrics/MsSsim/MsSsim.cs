using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Multi-scale structural similarity, product of the scales.</summary>
public sealed class MsSsim : IMetric
{
    public string Name => "ms-ssim";

    public string Summary => "Multi-scale structural similarity, product of the scales";

    public MetricContract Contract => MsSsimScales.Contract;

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        double product = 1;
        var values = MsSsimScales.Of(reference, image);
        // A negative mean has no fractional power: such a scale has nothing in common and counts as zero.
        for (int scale = 0; scale < values.Length; scale++)
            product *= Math.Pow(Math.Max(values[scale], 0), MsSsimScales.Weights[scale]);
        return product;
    }
}

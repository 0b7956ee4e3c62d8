using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Multi-scale structural similarity, weighted sum of the scales.</summary>
public sealed class MsSsimSum : IMetric
{
    public string Name => "ms-ssim-sum";

    public string Summary => "Multi-scale structural similarity, weighted sum of the scales";

    public MetricContract Contract { get; } = MsSsimScales.Contract with
    {
        Range = "-1..1",
        Source = "Wang, Simoncelli, Bovik, Asilomar 2003, weights divided by their sum; the form of the official MATLAB scores",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        double sum = 0;
        var values = MsSsimScales.Of(reference, image);
        for (int scale = 0; scale < values.Length; scale++)
            sum += MsSsimScales.Weights[scale] * values[scale];
        return sum / MsSsimScales.Weights.Sum();
    }
}

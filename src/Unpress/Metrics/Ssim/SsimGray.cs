using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Structural similarity of the gray picture in whole numbers, as its authors compute it.</summary>
public sealed class SsimGray : IMetric
{
    public string Name => "ssim-gray";

    public string Summary => "Structural similarity of the gray picture in whole numbers, as its authors compute it";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "only windows wholly inside the picture",
        Window = "Gaussian 11×11, σ 1.5, variances E[x²] − µ²; no downsampling",
        Range = "-1..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = 11,
        Source = "Wang et al., IEEE TIP 2004, eq. 13; official MATLAB scores",
    };

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return SsimMap.Mean(Luma.GrayUint8.Of(reference), Luma.GrayUint8.Of(image), SsimWindow.Gaussian).Ssim;
    }
}

/// <summary>Separable windows: the weights of one axis, summing to 1.</summary>
internal static class SsimWindow
{
    /// <summary>11 taps, σ = 1.5 pixels (Wang et al. 2004, section III-C).</summary>
    public static double[] Gaussian { get; } = Normalised(11, x => Math.Exp(-x * x / (2 * 1.5 * 1.5)));

    /// <summary>8 equal taps, the sliding window of the first SSIM code and of torchjpeg.</summary>
    public static double[] Uniform { get; } = Normalised(8, _ => 1);

    private static double[] Normalised(int taps, Func<double, double> weight)
    {
        var weights = new double[taps];
        for (int i = 0; i < taps; i++)
            weights[i] = weight(i - ((taps - 1) / 2.0));
        double sum = weights.Sum();
        for (int i = 0; i < taps; i++)
            weights[i] /= sum;
        return weights;
    }
}

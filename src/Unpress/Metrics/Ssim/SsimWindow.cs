namespace Unpress.Metrics;

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

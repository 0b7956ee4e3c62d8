namespace Unpress.Lab.Results;

/// <summary>
/// Raw (R), compressed (C) and enhanced (E) pictures as a triangle with the sides S: where E lies ("Mitigating the Enhancement Bias", CVPR 2024,
/// section 3). Made for distances such as LPIPS and FID.
/// </summary>
public static class DomainTriangle
{
    /// <summary>Name of the column that holds a metric from compressed to enhanced pictures.</summary>
    public static string ToCompressed(string metric) => $"{metric}-to-compressed";

    /// <summary>The cells whose means are the sides CR, RE and CE, for <see cref="FigureTable.Together"/>.</summary>
    public static IReadOnlyList<(string Enhancer, int Cycle, string Metric)> Sides(string enhancer, string metric) =>
        [(Figure.Compressed, 0, metric), (enhancer, 1, metric), (enhancer, 1, ToCompressed(metric))];

    /// <summary>
    /// A side from the mean of a metric: of a distance the mean itself, of PSNR the root of the mean squared error that it stands for, on
    /// the scale of pixels in 0..1. Null for other similarities, of which there is no triangle.
    /// </summary>
    public static double? Side(MetricFacts metric, double mean) =>
        !metric.Higher ? mean : metric.Unit == "dB" ? Math.Pow(10, -mean / 20) : null;

    /// <summary>(S_CE² − S_RE²) / S_CR² · 100 %; below 0, enhanced pictures are nearer to the compressed ones than to the raw ones.</summary>
    public static double Deviation(double compressedEnhanced, double rawEnhanced, double compressedRaw) =>
        ((compressedEnhanced * compressedEnhanced) - (rawEnhanced * rawEnhanced)) / (compressedRaw * compressedRaw) * 100;
}

namespace Unpress.Lab.Results;

/// <summary>
/// Raw (R), compressed (C) and enhanced (E) pictures as a triangle with the sides S: where E lies ("Mitigating the Enhancement Bias", CVPR 2024,
/// section 3). Made for distances such as LPIPS and FID.
/// </summary>
public static class DomainTriangle
{
    /// <summary>Name of the column that holds a metric from compressed to enhanced pictures.</summary>
    public static string ToCompressed(string metric) => $"{metric}-to-compressed";

    /// <summary>(S_CE² − S_RE²) / S_CR² · 100 %; below 0, enhanced pictures are nearer to the compressed ones than to the raw ones.</summary>
    public static double Deviation(double compressedEnhanced, double rawEnhanced, double compressedRaw) =>
        ((compressedEnhanced * compressedEnhanced) - (rawEnhanced * rawEnhanced)) / (compressedRaw * compressedRaw) * 100;
}

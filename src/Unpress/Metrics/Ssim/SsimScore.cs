namespace Unpress.Metrics;

/// <summary>Means over a picture: SSIM itself, and its contrast-structure factor alone.</summary>
internal readonly record struct SsimScore(double Ssim, double ContrastStructure)
{
    public static SsimScore operator +(SsimScore a, SsimScore b) =>
        new(a.Ssim + b.Ssim, a.ContrastStructure + b.ContrastStructure);
}

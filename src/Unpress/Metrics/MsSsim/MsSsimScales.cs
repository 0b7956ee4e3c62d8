using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>
/// The five scales of Wang, Simoncelli, Bovik: Multi-scale Structural Similarity for Image Quality Assessment,
/// Asilomar 2003: contrast-structure at every scale, SSIM at the coarsest, 2×2 means between scales.
/// </summary>
internal static class MsSsimScales
{
    /// <summary>An 11-pixel window must still fit after four halvings.</summary>
    public const int MinSide = 11 * 16;

    /// <summary>The published weights, finest scale first; they sum to 1.0001.</summary>
    public static double[] Weights { get; } = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    /// <summary>One value a scale, finest first: mean contrast-structure, and mean SSIM as the last.</summary>
    public static double[] Of(ImageBuffer reference, ImageBuffer image)
    {
        Plane x = Luma.GrayUint8.Of(reference), y = Luma.GrayUint8.Of(image);
        var values = new double[Weights.Length];
        for (int scale = 0; scale < values.Length; scale++)
        {
            if (scale > 0)
                (x, y) = (StoredPlane.Halve(x), StoredPlane.Halve(y));
            var score = SsimMap.Mean(x, y, SsimWindow.Gaussian);
            values[scale] = scale == values.Length - 1 ? score.Ssim : score.ContrastStructure;
        }
        return values;
    }
}

namespace Unpress.Metrics;

/// <summary>The 36 features of BRISQUE, 18 at each of two sizes: Mittal, Moorthy, Bovik, IEEE TIP 2012, table I.</summary>
internal static class BrisqueFeatures
{
    public const int Count = 36;

    private static readonly (int Down, int Right)[] Neighbours = [(0, 1), (1, 0), (1, 1), (-1, 1)];

    public static double[] Of(Plane luma)
    {
        var features = new double[Count];
        var image = Raster.Of(luma);
        Fill(image, features.AsSpan(0, Count / 2));
        Fill(BicubicHalf.Of(image), features.AsSpan(Count / 2));
        return features;
    }

    private static void Fill(Raster image, Span<double> features)
    {
        var normalised = ContrastNormalisation.Of(image, zeroBorder: true);
        int width = image.Width, height = image.Height;
        double absolute = 0, square = 0;
        foreach (double value in normalised.Values)
        {
            absolute += Math.Abs(value);
            square += value * value;
        }

        double variance = square / normalised.Values.Length, mean = absolute / normalised.Values.Length;
        features[0] = GaussianShapes.Shape(GaussianShapes.FindSymmetric(variance / (mean * mean)));
        features[1] = variance;
        for (int k = 0; k < Neighbours.Length; k++)
        {
            var fit = AsymmetricFit.OfProducts(normalised, 0, 0, width, height, Neighbours[k].Down, Neighbours[k].Right);
            var part = features[(2 + (4 * k))..];
            (part[0], part[1], part[2], part[3]) = (fit.Shape, fit.Mean, fit.Left * fit.Left, fit.Right * fit.Right);
        }
    }
}

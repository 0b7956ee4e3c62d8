namespace Unpress.Metrics;

/// <summary>
/// The features of NIQE, 36 for each block of 96×96 pixels (48×48 at half the size): Mittal, Soundararajan, Bovik, IEEE SPL 2013, section II.
/// A block without texture has features that are NaN.
/// </summary>
internal static class NiqeFeatures
{
    public const int Block = 96;
    public const int Count = 36;

    // Rows and columns by which a neighbour lies before.
    private static readonly (int Down, int Right)[] Neighbours = [(0, 1), (1, 0), (1, 1), (1, -1)];

    /// <summary>The whole blocks of a luma plane, from the top left; [blocks][36].</summary>
    /// <param name="sharpness">Gets the mean local deviation of each block where the caller wants it.</param>
    public static double[][] Of(Plane luma, List<double>? sharpness = null)
    {
        int across = luma.Width / Block, down = luma.Height / Block;
        var features = new double[across * down][];
        for (int i = 0; i < features.Length; i++)
            features[i] = new double[Count];
        var image = Raster.TopLeft(luma, across * Block, down * Block);
        for (int scale = 0; scale < 2; scale++)
        {
            int side = Block >> scale;
            var deviation = scale == 0 && sharpness is not null ? new Raster(image.Width, image.Height) : null;
            var normalised = ContrastNormalisation.Of(image, zeroBorder: false, deviation);
            for (int i = 0; i < features.Length; i++)
            {
                int left = i % across * side, top = i / across * side;
                Fill(normalised, left, top, side, features[i].AsSpan(scale * Count / 2, Count / 2));
                if (deviation is not null)
                    sharpness!.Add(Mean(deviation, left, top, side));
            }

            if (scale == 0)
                image = BicubicHalf.Of(image);
        }

        return features;
    }

    private static void Fill(Raster normalised, int left, int top, int side, Span<double> features)
    {
        var own = AsymmetricFit.Of(normalised, left, top, side, side);
        features[0] = own.Shape;
        features[1] = (own.LeftScale + own.RightScale) / 2;
        for (int k = 0; k < Neighbours.Length; k++)
        {
            var fit = AsymmetricFit.OfProducts(normalised, left, top, side, side, Neighbours[k].Down, Neighbours[k].Right);
            var part = features[(2 + (4 * k))..];
            (part[0], part[1], part[2], part[3]) = (fit.Shape, fit.Mean, fit.LeftScale, fit.RightScale);
        }
    }

    private static double Mean(Raster raster, int left, int top, int side)
    {
        double sum = 0;
        for (int y = 0; y < side; y++)
            foreach (double value in raster.Row(top + y).Slice(left, side))
                sum += value;
        return sum / (side * side);
    }
}

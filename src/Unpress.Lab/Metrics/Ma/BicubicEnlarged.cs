namespace Unpress.Metrics;

/// <summary>MATLAB's <c>imresize</c> to a size that is not smaller: Keys' kernel with a = −0.5, the border mirrored with its pixel repeated.</summary>
internal static class BicubicEnlarged
{
    private const int Taps = 4;

    public static Raster Of(Raster image, int width, int height)
    {
        var taller = new Raster(image.Width, height);
        var (rows, rowWeights) = Plan(image.Height, height);
        for (int y = 0; y < height; y++)
            for (int k = 0; k < Taps; k++)
                RowSums.Add(taller.Row(y), image.Row(rows[(y * Taps) + k]), rowWeights[(y * Taps) + k]);
        var result = new Raster(width, height);
        var (columns, weights) = Plan(image.Width, width);
        for (int y = 0; y < height; y++)
        {
            Span<double> source = taller.Row(y), target = result.Row(y);
            for (int i = 0; i < columns.Length; i++)
                target[i / Taps] += weights[i] * source[columns[i]];
        }

        return result;
    }

    // For each place the four it is made of, and how much of each.
    private static (int[] Places, double[] Weights) Plan(int from, int to)
    {
        var (places, weights) = (new int[to * Taps], new double[to * Taps]);
        for (int x = 0; x < to; x++)
        {
            double centre = ((x + 0.5) * from / to) - 0.5;
            int first = (int)Math.Floor(centre) - 1;
            for (int k = 0; k < Taps; k++)
            {
                places[(x * Taps) + k] = BicubicHalf.Mirror(first + k, from);
                weights[(x * Taps) + k] = Keys(centre - first - k);
            }
        }

        return (places, weights);
    }

    private static double Keys(double distance)
    {
        double x = Math.Abs(distance);
        return x <= 1 ? (1.5 * x * x * x) - (2.5 * x * x) + 1 : x <= 2 ? (-0.5 * x * x * x) + (2.5 * x * x) - (4 * x) + 2 : 0;
    }
}

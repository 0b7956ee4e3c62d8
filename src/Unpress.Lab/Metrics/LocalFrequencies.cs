namespace Unpress.Metrics;

/// <summary>
/// Ma's local frequencies of one level, six numbers: the cosine transform of windows of 7×7 around every 3×3 block, zeros beyond the border; of
/// each window the shape of its coefficients, how much they vary, and how much that differs between three orientations. Of the shapes the mean
/// of the lowest tenth and of all, of the others the mean of the highest tenth and of all.
/// </summary>
internal static class LocalFrequencies
{
    private const int Block = 3, Border = 2, Side = Block + (2 * Border), Coefficients = Side * Side;
    private const double CoefficientEpsilon = 1e-7, SectorEpsilon = 1e-8;

    private static readonly double[] Cosines = [.. Enumerable.Range(0, Coefficients).Select(i => Cosine(i / Side, i % Side))];

    // Which orientation a coefficient belongs to: its first row and what lies near, the diagonal, the first column.
    private static readonly int[][] Sectors = [Places(0), Places(1), Places(2)];

    /// <param name="image">0..1.</param>
    public static double[] Of(Raster image)
    {
        int across = (image.Width + Block - 1) / Block, down = (image.Height + Block - 1) / Block;
        double[] shapes = new double[across * down], variations = new double[shapes.Length], orientations = new double[shapes.Length];
        Span<double> window = stackalloc double[Coefficients], coefficients = stackalloc double[Coefficients];
        for (int i = 0; i < shapes.Length; i++)
        {
            Cut(image, (i % across * Block) - Border, (i / across * Block) - Border, window);
            Transform(window, coefficients);
            shapes[i] = ShapeOfSample.Of(coefficients[1..]);
            variations[i] = Variation(coefficients, 1..Coefficients, CoefficientEpsilon);
            orientations[i] = VarianceOfSectors(coefficients);
        }

        foreach (double[] values in (double[][])[shapes, variations, orientations])
            Array.Sort(values);
        int count = shapes.Length, lowest = (int)Math.Ceiling(count * 0.1), highest = Math.Max(0, (int)(count * 0.9) - 1);
        return
        [
            shapes.Take(lowest).Average(), shapes.Average(), variations.Skip(highest).Average(), variations.Average(), orientations.Skip(highest).Average(),
            orientations.Average(),
        ];
    }

    private static void Cut(Raster image, int left, int top, Span<double> window)
    {
        window.Clear();
        int from = Math.Max(left, 0), to = Math.Min(left + Side, image.Width);
        for (int y = Math.Max(top, 0); y < Math.Min(top + Side, image.Height); y++)
            image.Row(y)[from..to].CopyTo(window[(((y - top) * Side) + from - left)..]);
    }

    // D·X·Dᵀ
    private static void Transform(ReadOnlySpan<double> window, Span<double> coefficients)
    {
        Span<double> half = stackalloc double[Coefficients];
        half.Clear();
        coefficients.Clear();
        for (int k = 0; k < Side; k++)
            for (int n = 0; n < Side; n++)
                for (int x = 0; x < Side; x++)
                    half[(k * Side) + x] += Cosines[(k * Side) + n] * window[(n * Side) + x];
        for (int y = 0; y < Side; y++)
            for (int k = 0; k < Side; k++)
                for (int n = 0; n < Side; n++)
                    coefficients[(y * Side) + k] += half[(y * Side) + n] * Cosines[(k * Side) + n];
    }

    private static double VarianceOfSectors(ReadOnlySpan<double> coefficients)
    {
        Span<double> ratios = stackalloc double[3], part = stackalloc double[Coefficients];
        for (int s = 0; s < 3; s++)
        {
            for (int i = 0; i < Sectors[s].Length; i++)
                part[i] = coefficients[Sectors[s][i]];
            ratios[s] = Variation(part, ..Sectors[s].Length, SectorEpsilon);
        }

        double mean = (ratios[0] + ratios[1] + ratios[2]) / 3, sum = 0;
        foreach (double ratio in ratios)
            sum += (ratio - mean) * (ratio - mean);
        return sum / 2;
    }

    // Deviation over mean of the magnitudes.
    private static double Variation(ReadOnlySpan<double> values, Range range, double epsilon)
    {
        var part = values[range];
        double mean = 0, square = 0;
        foreach (double value in part)
            mean += Math.Abs(value);
        mean /= part.Length;
        foreach (double value in part)
            square += (Math.Abs(value) - mean) * (Math.Abs(value) - mean);
        return Math.Sqrt(square / (part.Length - 1)) / (mean + epsilon);
    }

    private static double Cosine(int k, int n) => Math.Sqrt((k == 0 ? 1.0 : 2.0) / Side) * Math.Cos(Math.PI * ((2 * n) + 1) * k / (2 * Side));

    private static int[] Places(int sector) => [.. Enumerable.Range(1, Coefficients - 1).Where(i => SectorOf(i / Side, i % Side) == sector)];

    private static int SectorOf(int row, int column)
    {
        int[] first = [1, 2, 4, 5]; // where the sector along the first row begins in each row, and where the other begins in each column
        return row < first.Length && column >= first[row] ? 0 : column < first.Length && row >= first[column] ? 2 : 1;
    }
}

namespace Unpress.Metrics;

/// <summary>
/// Mean-subtracted, contrast-normalised luma (I − µ)/(σ + 1) with a Gaussian window 7×7, σ 7/6: Mittal, Moorthy, Bovik, IEEE TIP 2012, eq. 1.
/// A difference below 1e-9 levels is set to zero: in flat areas it is nothing but rounding, and yet its sign would count in the fits that
/// follow, so that scores would depend on the order of additions.
/// </summary>
internal static class ContrastNormalisation
{
    private const int Reach = 3;
    private const double Flat = 1e-9;

    private static readonly double[] Window = Gaussian();

    /// <param name="zeroBorder">Zeros lie beyond the border (BRISQUE); otherwise its pixels are repeated (NIQE).</param>
    /// <param name="deviation">Gets the local deviation σ where the caller wants it.</param>
    public static Raster Of(Raster image, bool zeroBorder, Raster? deviation = null)
    {
        int width = image.Width;
        var result = new Raster(width, image.Height);
        var (first, second) = (new double[width + (2 * Reach)], new double[width + (2 * Reach)]);
        var (means, squares) = (new double[width], new double[width]);
        for (int y = 0; y < image.Height; y++)
        {
            Vertical(image, y, zeroBorder, first, second, squares);
            Array.Clear(means);
            Array.Clear(squares);
            for (int k = 0; k < Window.Length; k++)
            {
                RowSums.Add(means, first.AsSpan(k), Window[k]);
                RowSums.Add(squares, second.AsSpan(k), Window[k]);
            }

            Span<double> source = image.Row(y), target = result.Row(y);
            for (int x = 0; x < width; x++)
            {
                double mean = means[x], difference = source[x] - mean, sigma = Math.Sqrt(Math.Abs(squares[x] - (mean * mean)));
                target[x] = Math.Abs(difference) < Flat ? 0 : difference / (sigma + 1);
                if (deviation is not null)
                    deviation.Row(y)[x] = sigma;
            }
        }

        return result;
    }

    // Weighted sums of a column's x and x², with the border already around them.
    private static void Vertical(Raster image, int y, bool zeroBorder, double[] first, double[] second, double[] scratch)
    {
        Array.Clear(first);
        Array.Clear(second);
        for (int k = -Reach; k <= Reach; k++)
        {
            if (zeroBorder && (y + k < 0 || y + k >= image.Height))
                continue;
            var row = image.Row(Math.Clamp(y + k, 0, image.Height - 1));
            RowSums.Add(first.AsSpan(Reach, row.Length), row, Window[k + Reach]);
            RowSums.Multiply(scratch, row, row);
            RowSums.Add(second.AsSpan(Reach, row.Length), scratch, Window[k + Reach]);
        }

        if (zeroBorder)
            return;
        foreach (double[] sums in (double[][])[first, second])
        {
            sums.AsSpan(0, Reach).Fill(sums[Reach]);
            sums.AsSpan(sums.Length - Reach).Fill(sums[^(Reach + 1)]);
        }
    }

    private static double[] Gaussian()
    {
        const double Sigma = 7.0 / 6;
        double[] weights = [.. Enumerable.Range(-Reach, (2 * Reach) + 1).Select(k => Math.Exp(-k * k / (2 * Sigma * Sigma)))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}

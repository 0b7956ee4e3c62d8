namespace Unpress.Metrics;

/// <summary>A curve of cubics, each around the left end of its piece: c₀ + c₁·t + c₂·t² + c₃·t³.</summary>
internal sealed class PiecewiseCubic
{
    private readonly double[] _ends;
    private readonly double[][] _coefficients;

    private PiecewiseCubic(double[] ends, double[][] coefficients) => (_ends, _coefficients) = (ends, coefficients);

    public double Low => _ends[0];

    public double High => _ends[^1];

    /// <param name="x">Rising.</param>
    public static PiecewiseCubic Through(double[] x, double[] y, CurveFit fit) => fit switch
    {
        CurveFit.Cubic => new([x[0], x[^1]], [LeastSquares(x, y)]),
        CurveFit.Pchip => Hermite(x, y, Slopes.Pchip(x, y)),
        _ => Hermite(x, y, Slopes.Akima(x, y)),
    };

    /// <summary>The integral over a part of what the curve covers.</summary>
    public double Integral(double from, double to)
    {
        double sum = 0;
        for (int k = 0; k < _coefficients.Length; k++)
        {
            double left = Math.Max(from, _ends[k]), right = Math.Min(to, _ends[k + 1]);
            if (right > left)
                sum += Antiderivative(_coefficients[k], right - _ends[k]) - Antiderivative(_coefficients[k], left - _ends[k]);
        }

        return sum;
    }

    private static double Antiderivative(double[] c, double t) => t * (c[0] + (t * ((c[1] / 2) + (t * ((c[2] / 3) + (t * c[3] / 4))))));

    private static PiecewiseCubic Hermite(double[] x, double[] y, double[] slopes)
    {
        var pieces = new double[x.Length - 1][];
        for (int k = 0; k < pieces.Length; k++)
        {
            double h = x[k + 1] - x[k], chord = (y[k + 1] - y[k]) / h;
            pieces[k] = [y[k], slopes[k], ((3 * chord) - (2 * slopes[k]) - slopes[k + 1]) / h, (slopes[k] + slopes[k + 1] - (2 * chord)) / (h * h)];
        }

        return new PiecewiseCubic(x, pieces);
    }

    // In t = (x − x₀)/width, 0..1, where the normal equations are well behaved.
    private static double[] LeastSquares(double[] x, double[] y)
    {
        const int Terms = 4;
        double width = x[^1] - x[0];
        // Centred at the middle, the powers of t hardly correlate.
        double[] t = [.. x.Select(value => (2 * (value - x[0]) / width) - 1)];
        var system = new double[Terms, Terms + 1];
        for (int i = 0; i < Terms; i++)
        {
            for (int k = 0; k < Terms; k++)
                system[i, k] = t.Sum(value => Math.Pow(value, i + k));
            system[i, Terms] = t.Zip(y, (value, target) => Math.Pow(value, i) * target).Sum();
        }

        double[] a = Eliminate(system);
        // From powers of 2s − 1, s = (x − x₀)/width, to powers of x − x₀.
        double[] s = [a[0] - a[1] + a[2] - a[3], (2 * a[1]) - (4 * a[2]) + (6 * a[3]), (4 * a[2]) - (12 * a[3]), 8 * a[3]];
        return [s[0], s[1] / width, s[2] / (width * width), s[3] / (width * width * width)];
    }

    private static double[] Eliminate(double[,] system)
    {
        int n = system.GetLength(0);
        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(system[row, column]));
            for (int k = 0; k <= n; k++)
                (system[column, k], system[pivot, k]) = (system[pivot, k], system[column, k]);
            for (int row = 0; row < n; row++)
            {
                double factor = row == column ? 0 : system[row, column] / system[column, column];
                for (int k = column; factor != 0 && k <= n; k++)
                    system[row, k] -= factor * system[column, k];
            }
        }

        return [.. Enumerable.Range(0, n).Select(row => system[row, n] / system[row, row])];
    }
}

namespace Unpress.Metrics;

/// <summary>
/// Bjøntegaard deltas (VCEG-M33): the mean distance of two rate curves, horizontally in percent of the rate, vertically in units of quality.
/// Curves are fitted over the logarithm of the rate and integrated exactly over what both cover.
/// </summary>
public static class Bjontegaard
{
    /// <summary>BD-rate: how many percent more bits the test needs for the same quality; below zero it saves bits.</summary>
    /// <exception cref="ArgumentException">Too few points, curves that do not rise, or that have nothing in common.</exception>
    public static double Rate(IEnumerable<RatePoint> anchor, IEnumerable<RatePoint> test, CurveFit fit)
    {
        var (a, b) = (Sorted(anchor, fit, "anchor"), Sorted(test, fit, "test"));
        return 100 * (Math.Exp(Mean(Curve(a, fit, byQuality: true), Curve(b, fit, byQuality: true))) - 1);
    }

    /// <summary>BD-PSNR: how much better the test is at the same rate, in the unit of the quality.</summary>
    /// <exception cref="ArgumentException">Too few points, curves that do not rise, or that have nothing in common.</exception>
    public static double Quality(IEnumerable<RatePoint> anchor, IEnumerable<RatePoint> test, CurveFit fit)
    {
        var (a, b) = (Sorted(anchor, fit, "anchor"), Sorted(test, fit, "test"));
        return Mean(Curve(a, fit, byQuality: false), Curve(b, fit, byQuality: false));
    }

    /// <summary>
    /// How much of the span of both curves together, in quality, is covered by both: 0..1. Below three quarters a delta says little.
    /// </summary>
    public static double Overlap(IReadOnlyCollection<RatePoint> anchor, IReadOnlyCollection<RatePoint> test)
    {
        double low = Math.Max(anchor.Min(point => point.Quality), test.Min(point => point.Quality));
        double high = Math.Min(anchor.Max(point => point.Quality), test.Max(point => point.Quality));
        double all = anchor.Concat(test).Max(point => point.Quality) - anchor.Concat(test).Min(point => point.Quality);
        return Math.Max(0, high - low) / all;
    }

    private static double Mean(PiecewiseCubic anchor, PiecewiseCubic test)
    {
        double low = Math.Max(anchor.Low, test.Low), high = Math.Min(anchor.High, test.High);
        return high > low
            ? (test.Integral(low, high) - anchor.Integral(low, high)) / (high - low)
            : throw new ArgumentException("the two curves have no rate or quality in common");
    }

    private static PiecewiseCubic Curve(RatePoint[] points, CurveFit fit, bool byQuality)
    {
        double[] rates = [.. points.Select(point => Math.Log(point.Rate))], qualities = [.. points.Select(point => point.Quality)];
        return PiecewiseCubic.Through(byQuality ? qualities : rates, byQuality ? rates : qualities, fit);
    }

    private static RatePoint[] Sorted(IEnumerable<RatePoint> points, CurveFit fit, string name)
    {
        RatePoint[] sorted = [.. points.OrderBy(point => point.Rate)];
        int least = fit == CurveFit.Cubic ? 4 : fit == CurveFit.Akima ? 3 : 2;
        if (sorted.Length < least)
            throw new ArgumentException($"the {name} curve has {sorted.Length} points, {fit.ToString().ToLowerInvariant()} needs {least}");
        if (!(sorted[0].Rate > 0))
            throw new ArgumentException($"the {name} curve has the rate {sorted[0].Rate}; rates must be above 0");
        for (int i = 0; i < sorted.Length; i++)
            if (!double.IsFinite(sorted[i].Quality) || (i > 0 && !(sorted[i].Rate > sorted[i - 1].Rate && sorted[i].Quality > sorted[i - 1].Quality)))
                throw new ArgumentException($"the {name} curve must rise: at rate {sorted[i].Rate} its quality is {sorted[i].Quality}");
        return sorted;
    }
}

/// <summary>A point of a rate curve.</summary>
/// <param name="Rate">Bits, bits per pixel or bits per second: any unit, the same for all points; above zero.</param>
/// <param name="Quality">In a unit where more is better, such as dB.</param>
public readonly record struct RatePoint(double Rate, double Quality);

/// <summary>How a curve goes through its points; figures are comparable only within one of them.</summary>
public enum CurveFit
{
    /// <summary>One cubic by least squares: Bjøntegaard's own, VCEG-M33. Through four points exactly; through more it may not be monotone.</summary>
    Cubic,

    /// <summary>Monotone piecewise cubic (Fritsch and Carlson), as in the sheets of JCT-VC and JVET.</summary>
    Pchip,

    /// <summary>Akima's piecewise cubic.</summary>
    Akima,
}

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

/// <summary>Slopes at the points of a piecewise cubic.</summary>
internal static class Slopes
{
    /// <summary>Fritsch and Carlson, SIAM J. Numer. Anal. 1980, with the weighted harmonic mean inside and three points at the ends.</summary>
    public static double[] Pchip(double[] x, double[] y)
    {
        var (steps, chords) = Chords(x, y);
        int n = x.Length;
        if (n == 2)
            return [chords[0], chords[0]];
        var slopes = new double[n];
        for (int k = 1; k < n - 1; k++)
        {
            double before = chords[k - 1], after = chords[k];
            double w1 = (2 * steps[k]) + steps[k - 1], w2 = steps[k] + (2 * steps[k - 1]);
            slopes[k] = before * after <= 0 ? 0 : (w1 + w2) / ((w1 / before) + (w2 / after));
        }

        slopes[0] = End(steps[0], steps[1], chords[0], chords[1]);
        slopes[^1] = End(steps[^1], steps[^2], chords[^1], chords[^2]);
        return slopes;
    }

    /// <summary>Akima, J. ACM 1970: of the four chords around a point the middle two, each weighted by how much the other side bends.</summary>
    public static double[] Akima(double[] x, double[] y)
    {
        var (_, chords) = Chords(x, y);
        // Two more at each end, on a parabola.
        double first = (2 * chords[0]) - chords[1], last = (2 * chords[^1]) - chords[^2];
        double[] m = [(2 * first) - chords[0], first, .. chords, last, (2 * last) - chords[^1]];
        return [.. Enumerable.Range(0, x.Length).Select(k =>
        {
            double right = Math.Abs(m[k + 3] - m[k + 2]), left = Math.Abs(m[k + 1] - m[k]);
            return right + left > 0 ? ((right * m[k + 1]) + (left * m[k + 2])) / (right + left) : (m[k + 1] + m[k + 2]) / 2;
        })];
    }

    private static double End(double h0, double h1, double chord0, double chord1)
    {
        double slope = (((2 * h0) + h1) * chord0 - (h0 * chord1)) / (h0 + h1);
        if (slope * chord0 <= 0)
            return 0;
        return chord0 * chord1 <= 0 && Math.Abs(slope) > 3 * Math.Abs(chord0) ? 3 * chord0 : slope;
    }

    private static (double[] Steps, double[] Chords) Chords(double[] x, double[] y)
    {
        double[] steps = [.. Enumerable.Range(0, x.Length - 1).Select(k => x[k + 1] - x[k])];
        return (steps, [.. steps.Select((step, k) => (y[k + 1] - y[k]) / step)]);
    }
}

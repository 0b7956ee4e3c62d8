namespace Unpress.Metrics;

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

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

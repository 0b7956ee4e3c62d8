using Unpress.Metrics;

namespace Unpress.Lab.Results;

/// <summary>
/// Bjøntegaard deltas of a run: how much an enhancer saves over the compressed pictures it was given. Curves go through the sets' means, over
/// mean bits per pixel, of the pictures that have values before and after; of metrics that should be low the negative is taken, so that curves rise.
/// </summary>
/// <param name="Rate">BD-rate, percent; below 0 saves bits.</param>
/// <param name="Quality">BD-PSNR, or its like, in the metric's unit; above 0 is better, whatever the metric's direction.</param>
/// <param name="Fault">Why there is none, one line; else null.</param>
public sealed record RateDelta(string Set, string Codec, string Enhancer, string Metric, CurveFit Fit, double? Rate, double? Quality, string? Fault)
{
    /// <summary>Every enhancer of every set and codec, by every metric.</summary>
    public static IEnumerable<RateDelta> Of(RunFacts facts, FigureTable figures, CurveFit fit) =>
        from curve in figures.Compressions().GroupBy(one => (one.Set, one.Codec))
        from metric in facts.Metrics
        where !metric.Neither
        from enhancer in figures.Enhancers()
        where enhancer is not (Figure.Compressed or Figure.Raw)
        select Of(curve.Key.Set, curve.Key.Codec, [.. curve.Select(one => one.Setting)], enhancer, metric, figures, fit);

    private static RateDelta Of(
        string set, string codec, IReadOnlyList<int?> settings, string enhancer, MetricFacts metric, FigureTable figures, CurveFit fit)
    {
        var none = new RateDelta(set, codec, enhancer, metric.Name, fit, null, null, null);
        try
        {
            var points = figures.RateCurve(set, codec, settings, enhancer, metric.Name);
            double sign = metric.Higher ? 1 : -1;
            RatePoint[] anchor = [.. points.Select(point => new RatePoint(point.Bits, sign * point.Before))];
            RatePoint[] test = [.. points.Select(point => new RatePoint(point.Bits, sign * point.After))];
            return none with { Rate = Bjontegaard.Rate(anchor, test, fit), Quality = Bjontegaard.Quality(anchor, test, fit) };
        }
        catch (ArgumentException error)
        {
            return none with { Fault = error.Message };
        }
    }
}

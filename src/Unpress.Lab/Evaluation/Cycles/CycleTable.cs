using Unpress.Metrics;

namespace Unpress.Evaluation.Cycles;

/// <summary>What came of a <see cref="CycleRunner"/>. Means are means of the pictures' values, and indices those of the means.</summary>
/// <param name="Rows">Ordered by picture, quality, cycle; pictures that failed are left out.</param>
/// <param name="Errors">One line a failed picture, or a metric that refused one, naming it.</param>
public sealed record CycleTable(CycleOptions Options, IReadOnlyList<CycleRow> Rows, IReadOnlyList<string> Errors)
{
    public int Pictures => Rows.Count / (Options.Qualities.Count * (Options.Cycles + 1));

    /// <summary>Pictures that a metric is defined for.</summary>
    /// <exception cref="ArgumentException">The table was not asked for the metric.</exception>
    public int Count(IMetric metric)
    {
        int column = Column(metric);
        return Rows.Count(row => !double.IsNaN(row.Values[column])) / (Options.Qualities.Count * (Options.Cycles + 1));
    }

    /// <summary>
    /// Means of one metric over the pictures: compressed, after the first enhancement, after the second, …; NaN where it is defined for none.
    /// </summary>
    /// <exception cref="ArgumentException">The table has no such rows, or was not asked for the metric.</exception>
    public IReadOnlyList<double> Means(int quality, IMetric metric)
    {
        int column = Column(metric);
        var cycles = Rows.Where(row => row.Quality == quality).GroupBy(row => row.Cycle).OrderBy(group => group.Key);
        double[] means = [.. cycles.Select(cycle =>
            cycle.Select(row => row.Values[column]).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average())];
        return means.Length == 0 ? throw new ArgumentException($"the table has no rows at quality {quality}") : means;
    }

    /// <summary>The <see cref="DegradationIndex"/> of one metric at one quality, percent.</summary>
    public double Index(int quality, IMetric metric) => DegradationIndex.Of([.. Means(quality, metric).Skip(1)], metric.Contract.Direction);

    private int Column(IMetric metric)
    {
        int column = Options.Metrics.ToList().FindIndex(one => one.Name == metric.Name);
        return column < 0 ? throw new ArgumentException($"the table has no metric '{metric.Name}'") : column;
    }
}

/// <summary>
/// How much of the quality of the first enhancement each further one costs ("Breaking the Multi-Enhancement Bottleneck", section 3):
/// DI = s · (Q₁ − Qₙ) / ((n − 1) · Q₁) · 100 %, s = 1 where a higher Q is better, else −1. Below 0, quality still rises.
/// </summary>
public static class DegradationIndex
{
    /// <param name="qualities">Q₁ to Qₙ, after the first to the n-th enhancement; at least two.</param>
    /// <returns>Percent.</returns>
    /// <exception cref="ArgumentException">Fewer than two values.</exception>
    public static double Of(IReadOnlyList<double> qualities, MetricDirection direction)
    {
        if (qualities.Count < 2)
            throw new ArgumentException("a degradation index takes two cycles or more", nameof(qualities));
        double first = qualities[0], sign = direction == MetricDirection.HigherIsBetter ? 1 : -1;
        return sign * (first - qualities[^1]) / ((qualities.Count - 1) * first) * 100 + 0.0; // no negative zero
    }
}

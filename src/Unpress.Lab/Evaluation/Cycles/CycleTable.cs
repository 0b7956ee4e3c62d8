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

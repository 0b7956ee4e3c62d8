using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Lab.Reports;

/// <summary>The means behind every table and plot of a run, and the names that occur in it, in the order of the recipe.</summary>
internal sealed class Means
{
    private readonly FigureTable _table;
    private readonly HashSet<FigureKey> _failed;
    private readonly HashSet<(string Set, string Codec, string Metric)> _present;
    private readonly ILookup<(string Set, string Codec), int?> _settings;
    private readonly IReadOnlyList<string> _codecs;

    public Means(IReadOnlyList<Figure> figures, RunFacts facts)
    {
        _table = new FigureTable(figures);
        _failed = [.. figures.Where(figure => figure.Value is null).Select(figure => figure.Key())];
        _settings = _table.Compressions().ToLookup(one => (one.Set, one.Codec), one => one.Setting);
        _codecs = InOrder(facts.Codecs.Select(codec => codec.Name), figures.Select(figure => figure.Codec));
        Sets = InOrder(facts.Sets.Select(set => set.Name), figures.Select(figure => figure.Set));
        Enhancers = InOrder(
            facts.Enhancers.Select(enhancer => enhancer.Name),
            _table.Enhancers().Where(name => name is not (Figure.Compressed or Figure.Raw)));
        var measured = figures.Where(figure => figure.Value is not null).Select(figure => figure.Metric).ToHashSet();
        All = [.. facts.Metrics.Where(metric => measured.Contains(metric.Name))];
        Metrics = [.. All.Where(metric => !metric.Aside)];
        _present = [.. figures.Where(figure => figure.Value is not null).Select(figure => (figure.Set, figure.Codec, figure.Metric))];
        LastCycle = figures.Select(figure => figure.Cycle).DefaultIfEmpty(0).Max();
    }

    /// <summary>Those with figures.</summary>
    public IReadOnlyList<string> Sets { get; }

    /// <summary>Those with figures, compressed and raw pictures not among them.</summary>
    public IReadOnlyList<string> Enhancers { get; }

    /// <summary>Those with values that tables of several metrics have.</summary>
    public IReadOnlyList<MetricFacts> Metrics { get; }

    /// <summary>Those with values.</summary>
    public IReadOnlyList<MetricFacts> All { get; }

    /// <summary>Those of quality: more or less of them is better.</summary>
    public IEnumerable<MetricFacts> Qualities => Metrics.Where(metric => !metric.Neither);

    public int LastCycle { get; }

    public IEnumerable<string> Codecs(string set) => _codecs.Where(codec => _settings.Contains((set, codec)));

    public IReadOnlyList<int?> Settings(string set, string codec) => [.. _settings[(set, codec)]];

    /// <summary>The metric has a value of anything there.</summary>
    public bool Has(string set, string codec, string metric) => _present.Contains((set, codec, metric));

    /// <summary>Null where no picture has a value.</summary>
    public double? At(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        _table.Mean(set, codec, setting, enhancer, cycle, metric);

    /// <inheritdoc cref="FigureTable.Together"/>
    public IReadOnlyList<double>? Together(string set, string codec, int? setting, params IReadOnlyList<(string Enhancer, int Cycle, string Metric)> cells) =>
        _table.Together(set, codec, setting, cells);

    /// <summary>How much higher the second mean is, both of the pictures that have both; null where there are none.</summary>
    public double? Change(string set, string codec, int? setting, (string Enhancer, int Cycle) from, (string Enhancer, int Cycle) to, string metric) =>
        Together(set, codec, setting, (from.Enhancer, from.Cycle, metric), (to.Enhancer, to.Cycle, metric)) is [var before, var after]
            && double.IsFinite(after - before) ? after - before : null;

    /// <inheritdoc cref="RateDelta.Of(RunFacts, FigureTable, CurveFit)"/>
    public IEnumerable<RateDelta> Deltas(RunFacts facts, CurveFit fit) => RateDelta.Of(facts, _table, fit);

    /// <summary>Pictures the mean is of.</summary>
    public int Count(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        _table.Count(set, codec, setting, enhancer, cycle, metric);

    /// <summary>Pictures that should be in the mean and have no value.</summary>
    public int Failed(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        _failed.Count(key => key == new FigureKey(enhancer, codec, setting, set, key.Picture, cycle, metric));

    /// <summary>The mean is of fewer pictures than others in its column, so that it does not rank with them.</summary>
    public bool OfFewer(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        Count(set, codec, setting, enhancer, cycle, metric)
            < Enhancers.Select(other => Count(set, codec, setting, other, 1, metric)).Append(Count(set, codec, setting, Figure.Compressed, 0, metric)).Max();

    public double? BitsPerPixel(string set, string codec, int? setting) =>
        Metrics.Select(metric => _table.BitsPerPixel(set, codec, setting, metric.Name)).FirstOrDefault(bits => bits is not null);

    /// <summary>Compressed, then after each enhancement; null where nothing was measured.</summary>
    public IReadOnlyList<double?> Curve(string set, string codec, int? setting, string enhancer, string metric) =>
        [.. Enumerable.Range(0, LastCycle + 1).Select(cycle => At(set, codec, setting, cycle == 0 ? Figure.Compressed : enhancer, cycle, metric))];

    /// <summary>After each enhancement, of the pictures that went through all; null where none did.</summary>
    public IReadOnlyList<double>? Cycles(string set, string codec, int? setting, string enhancer, string metric) =>
        _table.Cycles(set, codec, setting, enhancer, LastCycle, metric);

    /// <summary>Percent a cycle, or null where a cycle is missing or there is but one.</summary>
    public double? DegradationIndex(string set, string codec, int? setting, string enhancer, MetricFacts metric) =>
        _table.Index(set, codec, setting, enhancer, LastCycle, metric) is { } index && double.IsFinite(index) ? index : null;

    private static List<string> InOrder(IEnumerable<string> wanted, IEnumerable<string> found)
    {
        var there = found.Distinct().ToList();
        return [.. wanted.Where(there.Contains).Concat(there).Distinct()];
    }
}

using Unpress.Evaluation;
using Unpress.Metrics;

namespace Unpress.Lab.Results;

/// <summary>
/// A run's figures as tables and plots show them: means over the pictures of a set, of the pictures' values, those without one left out; and the names
/// that occur, in the order of the recipe. A metric of whole sets is its own mean.
/// </summary>
public sealed class FigureTable
{
    private readonly Dictionary<FigureKey, List<Figure>> _cells;
    private readonly HashSet<FigureKey> _failed;
    private readonly HashSet<(string Set, string Codec, string Metric)> _present;
    private readonly ILookup<(string Set, string Codec), int?> _settings;
    private readonly IReadOnlyList<string> _codecs;

    /// <param name="facts">Of the run, for the order of names; null leaves them in the order of the figures.</param>
    public FigureTable(IEnumerable<Figure> figures, RunFacts? facts = null)
    {
        Figures = [.. figures];
        var measured = Figures.Where(figure => figure.Value is not null).ToList();
        _cells = measured.GroupBy(figure => figure.Key() with { Picture = "" }).ToDictionary(group => group.Key, group => group.ToList());
        _failed = [.. Figures.Where(figure => figure.Value is null).Select(figure => figure.Key())];
        _present = [.. measured.Select(figure => (figure.Set, figure.Codec, figure.Metric))];
        _settings = Compressions().ToLookup(one => (one.Set, one.Codec), one => one.Setting);
        _codecs = InOrder(facts?.Codecs.Select(codec => codec.Name), Figures.Select(figure => figure.Codec));
        Sets = InOrder(facts?.Sets.Select(set => set.Name), Figures.Select(figure => figure.Set));
        Enhancers = InOrder(
            facts?.Enhancers.Select(enhancer => enhancer.Name),
            Figures.Select(figure => figure.Enhancer).Where(name => name is not (Figure.Compressed or Figure.Raw)));
        AllMetrics = [.. (facts?.Metrics ?? []).Where(metric => measured.Exists(figure => figure.Metric == metric.Name))];
        Metrics = [.. AllMetrics.Where(metric => !metric.Aside)];
        LastCycle = Figures.Select(figure => figure.Cycle).DefaultIfEmpty(0).Max();
    }

    public IReadOnlyList<Figure> Figures { get; }

    /// <summary>Those with figures.</summary>
    public IReadOnlyList<string> Sets { get; }

    /// <summary>Those with figures, compressed and raw pictures not among them.</summary>
    public IReadOnlyList<string> Enhancers { get; }

    /// <summary>Those of the run's facts that have values.</summary>
    public IReadOnlyList<MetricFacts> AllMetrics { get; }

    /// <summary>Those with values that tables of several metrics have.</summary>
    public IReadOnlyList<MetricFacts> Metrics { get; }

    /// <summary>Those of quality: more or less of them is better.</summary>
    public IEnumerable<MetricFacts> Qualities => Metrics.Where(metric => !metric.Neither);

    public int LastCycle { get; }

    public IEnumerable<string> Codecs(string set) => _codecs.Where(codec => _settings.Contains((set, codec)));

    public IReadOnlyList<int?> Settings(string set, string codec) => [.. _settings[(set, codec)]];

    /// <summary>The metric has a value of anything there.</summary>
    public bool Has(string set, string codec, string metric) => _present.Contains((set, codec, metric));

    /// <summary>The rows of tables by set, codec and setting, in the order of the file.</summary>
    public IReadOnlyList<(string Set, string Codec, int? Setting)> Compressions() =>
        [.. Figures.Select(figure => (figure.Set, figure.Codec, figure.Setting)).Distinct()
            .OrderBy(one => one.Set, StringComparer.Ordinal).ThenBy(one => one.Codec, StringComparer.Ordinal).ThenBy(one => one.Setting)];

    /// <summary><see cref="Figure.Compressed"/> first, then raw pictures and enhancers as the file has them.</summary>
    public IReadOnlyList<string> Systems() =>
        [.. Figures.Select(figure => figure.Enhancer).Distinct().OrderBy(name => name != Figure.Compressed)];

    /// <summary>Null where no picture has a value.</summary>
    public double? Mean(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        Cell(set, codec, setting, enhancer, cycle, metric) is { } cell ? Mean(cell) : null;

    /// <summary>
    /// Means of several cells over the pictures that all of them have a value of: what is set off against each other must be of the same pictures, and
    /// a program may have failed on the hard ones. Null where there is no such picture.
    /// </summary>
    public IReadOnlyList<double>? Together(string set, string codec, int? setting, params IReadOnlyList<(string Enhancer, int Cycle, string Metric)> cells) =>
        Shared(cells.Select(cell => Cell(set, codec, setting, cell.Enhancer, cell.Cycle, cell.Metric)))?.Select(Mean).ToList();

    /// <summary>The values of two cells, picture by picture, of the pictures that have both.</summary>
    public IReadOnlyList<(double First, double Second)> Pairs(
        string set, string codec, int? setting, (string Enhancer, int Cycle, string Metric) first, (string Enhancer, int Cycle, string Metric) second)
    {
        var cells = new[] { first, second }.Select(cell => Cell(set, codec, setting, cell.Enhancer, cell.Cycle, cell.Metric));
        return Shared(cells) is [var ones, var others]
            ? [.. ones.Join(others, one => one.Picture, other => other.Picture, (one, other) => (one.Value!.Value, other.Value!.Value))]
            : [];
    }

    /// <summary>How much higher the second mean is, both of the pictures that have both; null where there are none.</summary>
    public double? Change(string set, string codec, int? setting, (string Enhancer, int Cycle) from, (string Enhancer, int Cycle) to, string metric) =>
        Together(set, codec, setting, (from.Enhancer, from.Cycle, metric), (to.Enhancer, to.Cycle, metric)) is [var before, var after]
            && double.IsFinite(after - before) ? after - before : null;

    /// <summary>Pictures that the mean is of.</summary>
    public int Count(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        Cell(set, codec, setting, enhancer, cycle, metric)?.Sum(figure => figure.Pictures ?? 1) ?? 0;

    /// <summary>Pictures that should be in the mean and have no value.</summary>
    public int Failed(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        _failed.Count(key => key == new FigureKey(enhancer, codec, setting, set, key.Picture, cycle, metric));

    /// <summary>The mean is of fewer pictures than others in its column, so that it does not rank with them.</summary>
    public bool OfFewer(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        Count(set, codec, setting, enhancer, cycle, metric)
            < Enhancers.Select(other => Count(set, codec, setting, other, 1, metric)).Append(Count(set, codec, setting, Figure.Compressed, 0, metric)).Max();

    /// <summary>Mean time of an enhancement, seconds; null where there was none.</summary>
    public double? Seconds(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        Cell(set, codec, setting, enhancer, cycle, metric)?.Average(figure => figure.Seconds);

    /// <summary>Mean bits per pixel of the compressed pictures that a metric measured; for a metric of whole sets, of all of them.</summary>
    public double? BitsPerPixel(string set, string codec, int? setting, string metric)
    {
        var cell = Cell(set, codec, setting, Figure.Compressed, 0, metric);
        return cell is [{ Picture: Figure.WholeSet }]
            ? Figures.Where(figure => figure.BitsPerPixel is not null && (figure.Set, figure.Codec, figure.Setting) == (set, codec, setting))
                .DistinctBy(figure => figure.Picture).Average(figure => figure.BitsPerPixel)
            : cell?.Average(figure => figure.BitsPerPixel);
    }

    /// <summary>Mean bits per pixel of the compressed pictures, by the first metric that has some.</summary>
    public double? BitsPerPixel(string set, string codec, int? setting) =>
        Metrics.Select(metric => BitsPerPixel(set, codec, setting, metric.Name)).FirstOrDefault(bits => bits is not null);

    /// <summary>Compressed, then after each enhancement; null where nothing was measured.</summary>
    public IReadOnlyList<double?> Curve(string set, string codec, int? setting, string enhancer, string metric) =>
        [.. Enumerable.Range(0, LastCycle + 1).Select(cycle => Mean(set, codec, setting, cycle == 0 ? Figure.Compressed : enhancer, cycle, metric))];

    /// <summary>
    /// Quality over mean bits per pixel before and after enhancement, a point a setting that has values of both; all of the pictures that have them at each
    /// of these settings.
    /// </summary>
    public IReadOnlyList<(double Bits, double Before, double After)> RateCurve(
        string set, string codec, IReadOnlyList<int?> settings, string enhancer, string metric)
    {
        var points =
            from setting in settings
            let before = Cell(set, codec, setting, Figure.Compressed, 0, metric)
            let after = Cell(set, codec, setting, enhancer, 1, metric)
            where before is not null && after is not null
            select (setting, before, after);
        int?[] measured = [.. points.Select(point => point.setting)];
        var shared = Shared(points.SelectMany(point => new[] { point.before, point.after }));
        if (shared is null)
            return [];
        return
        [
            .. from i in Enumerable.Range(0, measured.Length)
               let before = shared[2 * i]
               let bits = before is [{ Picture: Figure.WholeSet }]
                   ? BitsPerPixel(set, codec, measured[i], metric)
                   : before.Average(figure => figure.BitsPerPixel)
               where bits is not null
               select (bits.Value, Mean(before), Mean(shared[(2 * i) + 1])),
        ];
    }

    /// <summary>The means behind <see cref="Index"/>: after each cycle, of the pictures that went through all of them; null where none did.</summary>
    public IReadOnlyList<double>? Cycles(string set, string codec, int? setting, string enhancer, string metric) =>
        Together(set, codec, setting, [.. Enumerable.Range(1, LastCycle).Select(cycle => (enhancer, cycle, metric))]);

    /// <summary>
    /// <see cref="DegradationIndex"/> from the first to the last cycle, percent; null where no picture went through all of them, and where it is no number.
    /// </summary>
    public double? Index(string set, string codec, int? setting, string enhancer, MetricFacts metric)
    {
        if (LastCycle < 2 || Cycles(set, codec, setting, enhancer, metric.Name) is not { } means)
            return null;
        double index = DegradationIndex.Of(means, metric.Higher ? MetricDirection.HigherIsBetter : MetricDirection.LowerIsBetter);
        return double.IsFinite(index) ? index : null;
    }

    /// <summary>Of each cell the figures of the pictures that are in all of them; null where there is none.</summary>
    private static List<List<Figure>>? Shared(IEnumerable<List<Figure>?> cells)
    {
        var all = cells.Select(cell => cell ?? []).ToList();
        var pictures = all.SelectMany(cell => cell).GroupBy(figure => figure.Picture).Where(group => group.Count() == all.Count)
            .Select(group => group.Key).ToHashSet();
        return pictures.Count == 0 ? null : [.. all.Select(cell => cell.Where(figure => pictures.Contains(figure.Picture)).ToList())];
    }

    private static double Mean(List<Figure> figures) => figures.Average(figure => figure.Value!.Value);

    private List<Figure>? Cell(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        _cells.GetValueOrDefault(new FigureKey(enhancer, codec, setting, set, "", cycle, metric));

    private static List<string> InOrder(IEnumerable<string>? wanted, IEnumerable<string> found)
    {
        var there = found.Distinct().ToList();
        return [.. (wanted ?? []).Where(there.Contains).Concat(there).Distinct()];
    }
}

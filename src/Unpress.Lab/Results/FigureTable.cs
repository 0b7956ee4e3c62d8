using Unpress.Evaluation;
using Unpress.Metrics;

namespace Unpress.Lab.Results;

/// <summary>
/// Means over the pictures of a set, as tables print them: of the pictures' values, those without one left out. A metric of whole sets is its own mean.
/// </summary>
public sealed class FigureTable
{
    private readonly Dictionary<FigureKey, List<Figure>> _cells;

    public FigureTable(IEnumerable<Figure> figures)
    {
        Figures = [.. figures];
        _cells = Figures.Where(figure => figure.Value is not null)
            .GroupBy(figure => figure.Key() with { Picture = "" })
            .ToDictionary(group => group.Key, group => group.ToList());
    }

    public IReadOnlyList<Figure> Figures { get; }

    /// <summary>The rows of tables by set, codec and setting, in the order of the file.</summary>
    public IReadOnlyList<(string Set, string Codec, int? Setting)> Compressions() =>
        [.. Figures.Select(figure => (figure.Set, figure.Codec, figure.Setting)).Distinct()
            .OrderBy(one => one.Set, StringComparer.Ordinal).ThenBy(one => one.Codec, StringComparer.Ordinal).ThenBy(one => one.Setting)];

    /// <summary><see cref="Figure.Compressed"/> first, then by name of draw or as the file has them.</summary>
    public IReadOnlyList<string> Enhancers() =>
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

    /// <summary>Pictures that the mean is of.</summary>
    public int Count(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        Cell(set, codec, setting, enhancer, cycle, metric)?.Sum(figure => figure.Pictures ?? 1) ?? 0;

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
               let bits = before is [{ Picture: Figure.WholeSet }] ? BitsPerPixel(set, codec, measured[i], metric) : before.Average(figure => figure.BitsPerPixel)
               where bits is not null
               select (bits.Value, Mean(before), Mean(shared[(2 * i) + 1])),
        ];
    }

    /// <summary>The means behind <see cref="Index"/>: after each cycle, of the pictures that went through all of them; null where none did.</summary>
    public IReadOnlyList<double>? Cycles(string set, string codec, int? setting, string enhancer, int cycles, string metric) =>
        Together(set, codec, setting, [.. Enumerable.Range(1, cycles).Select(cycle => (enhancer, cycle, metric))]);

    /// <summary><see cref="DegradationIndex"/> from the first to the last cycle, percent; null where no picture went through all of them.</summary>
    public double? Index(string set, string codec, int? setting, string enhancer, int cycles, MetricFacts metric) =>
        cycles < 2 || Cycles(set, codec, setting, enhancer, cycles, metric.Name) is not { } means
            ? null
            : DegradationIndex.Of(means, metric.Higher ? MetricDirection.HigherIsBetter : MetricDirection.LowerIsBetter);

    /// <summary>Of each cell the figures of the pictures that are in all of them; null where there is none.</summary>
    private static List<List<Figure>>? Shared(IEnumerable<List<Figure>?> cells)
    {
        var all = cells.Select(cell => cell ?? []).ToList();
        var pictures = all.SelectMany(cell => cell).GroupBy(figure => figure.Picture).Where(group => group.Count() == all.Count).Select(group => group.Key).ToHashSet();
        return pictures.Count == 0 ? null : [.. all.Select(cell => cell.Where(figure => pictures.Contains(figure.Picture)).ToList())];
    }

    private static double Mean(List<Figure> figures) => figures.Average(figure => figure.Value!.Value);

    private List<Figure>? Cell(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        _cells.GetValueOrDefault(new FigureKey(enhancer, codec, setting, set, "", cycle, metric));
}

using Unpress.Evaluation.Cycles;
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
        Cell(set, codec, setting, enhancer, cycle, metric) is { } cell ? cell.Average(figure => figure.Value!.Value) : null;

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

    /// <summary><see cref="DegradationIndex"/> of the means from the first to the last cycle, percent; null where a mean is missing.</summary>
    public double? Index(string set, string codec, int? setting, string enhancer, int cycles, MetricFacts metric)
    {
        var means = Enumerable.Range(1, cycles).Select(cycle => Mean(set, codec, setting, enhancer, cycle, metric.Name)).ToList();
        return means.Count < 2 || means.Contains(null)
            ? null
            : DegradationIndex.Of([.. means.OfType<double>()], metric.Higher ? MetricDirection.HigherIsBetter : MetricDirection.LowerIsBetter);
    }

    private List<Figure>? Cell(string set, string codec, int? setting, string enhancer, int cycle, string metric) =>
        _cells.GetValueOrDefault(new FigureKey(enhancer, codec, setting, set, "", cycle, metric));
}

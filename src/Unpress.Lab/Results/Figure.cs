using System.Text.Json.Serialization;
using Unpress.Metrics;

namespace Unpress.Lab.Results;

/// <summary>One line of a run's results: one value of one metric, of one picture, after one enhancement. Absent members are left out of the file.</summary>
public sealed record Figure
{
    /// <summary>What <see cref="Enhancer"/> is for pictures that were compressed and not enhanced: their cycle is 0.</summary>
    public const string Compressed = "compressed";

    /// <summary>What <see cref="Enhancer"/> is for originals, in experiments that measure them too: their cycle is 0.</summary>
    public const string Raw = "raw";

    /// <summary>What <see cref="Picture"/> is where a metric has one value for a whole set, such as FID.</summary>
    public const string WholeSet = "*";

    /// <summary>What <see cref="Codec"/> is where each picture's was drawn.</summary>
    public const string Drawn = "drawn";

    /// <summary>Name in the catalogue of experiments.</summary>
    public required string Experiment { get; init; }

    /// <summary><see cref="Compressed"/>, <see cref="Raw"/>, a name from the recipe, or the name of a draw of several.</summary>
    public required string Enhancer { get; init; }

    /// <summary>Name of the codec, or <see cref="Drawn"/>.</summary>
    public required string Codec { get; init; }

    /// <summary>Quality in the codec's own scale; null where it was drawn.</summary>
    public int? Setting { get; init; }

    /// <summary>Name of the set of pictures.</summary>
    public required string Set { get; init; }

    /// <summary>Path within the set without extension, or <see cref="WholeSet"/>.</summary>
    public required string Picture { get; init; }

    /// <summary>0 compressed, 1 enhanced once, …</summary>
    public required int Cycle { get; init; }

    /// <summary>Name of the metric; its direction and unit stand in the run's facts.</summary>
    public required string Metric { get; init; }

    /// <summary>Null when it failed; may be infinite.</summary>
    public double? Value { get; init; }

    /// <summary>Wall-clock time of this cycle's enhancement; null for compressed pictures.</summary>
    public double? Seconds { get; init; }

    /// <summary>Size of the compressed picture; null for enhanced ones.</summary>
    public long? Bytes { get; init; }

    /// <summary>8 · bytes / pixels.</summary>
    public double? BitsPerPixel { get; init; }

    /// <summary>Of how many pictures, where the metric has one value for a whole set; else null.</summary>
    public int? Pictures { get; init; }

    /// <summary>Where things were drawn, what they were: the enhancer of this cycle, codec and setting.</summary>
    public string? By { get; init; }

    /// <summary>Why there is no value, one line; of a whole set, also what the value is without.</summary>
    public string? Error { get; init; }

    /// <summary>What makes it the same figure as another: of two lines with one key the later counts.</summary>
    public FigureKey Key() => new(Enhancer, Codec, Setting, Set, Picture, Cycle, Metric);
}

/// <summary>Which figure of a run it is.</summary>
public readonly record struct FigureKey(string Enhancer, string Codec, int? Setting, string Set, string Picture, int Cycle, string Metric);

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
        from enhancer in figures.Enhancers
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

/// <summary>
/// Raw (R), compressed (C) and enhanced (E) pictures as a triangle with the sides S: where E lies ("Mitigating the Enhancement Bias", CVPR 2024,
/// section 3). Made for distances such as LPIPS and FID.
/// </summary>
public static class DomainTriangle
{
    /// <summary>Name of the column that holds a metric from compressed to enhanced pictures.</summary>
    public static string ToCompressed(string metric) => $"{metric}-to-compressed";

    /// <summary>The cells whose means are the sides CR, RE and CE, for <see cref="FigureTable.Together"/>.</summary>
    public static IReadOnlyList<(string Enhancer, int Cycle, string Metric)> Sides(string enhancer, string metric) =>
        [(Figure.Compressed, 0, metric), (enhancer, 1, metric), (enhancer, 1, ToCompressed(metric))];

    /// <summary>
    /// A side from the mean of a metric: of a distance the mean itself, of PSNR the root of the mean squared error that it stands for, on
    /// the scale of pixels in 0..1. Null for other similarities, of which there is no triangle.
    /// </summary>
    public static double? Side(MetricFacts metric, double mean) =>
        !metric.Higher ? mean : metric.Unit == "dB" ? Math.Pow(10, -mean / 20) : null;

    /// <summary>(S_CE² − S_RE²) / S_CR² · 100 %; below 0, enhanced pictures are nearer to the compressed ones than to the raw ones.</summary>
    public static double Deviation(double compressedEnhanced, double rawEnhanced, double compressedRaw) =>
        ((compressedEnhanced * compressedEnhanced) - (rawEnhanced * rawEnhanced)) / (compressedRaw * compressedRaw) * 100;
}

/// <summary>A metric's contract as a run records it.</summary>
/// <param name="Higher">True when a higher value is better.</param>
/// <param name="Unit">"dB", or empty.</param>
/// <param name="Decimals">What tables print.</param>
/// <param name="Contract">Colours, border, window, range and source, in words.</param>
/// <param name="Neither">It describes, as a distance to the compressed pictures does: neither more nor less of it is better.</param>
public sealed record MetricFacts(string Name, string Summary, bool Higher, string Unit, int Decimals, string Contract, bool Neither = false)
{
    /// <summary>Title of a table of its own, whose rows are figures and whose columns are systems; null for none.</summary>
    public string? Table { get; init; }

    /// <summary>What it is called in that table.</summary>
    public string? Row { get; init; }

    /// <summary>It stands in that table only, not among the metrics of others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Aside { get; init; }

    /// <summary>Whether higher is better; null where neither is.</summary>
    public bool? Better() => Neither ? null : Higher;

    public static MetricFacts Of(IMetric metric) => Of(metric.Name, metric.Summary, metric.Contract);

    public static MetricFacts Of(ISetMetric metric) => Of(metric.Name, metric.Summary, metric.Contract);

    private static MetricFacts Of(string name, string summary, MetricContract contract) => new(
        name,
        summary,
        contract.Direction == MetricDirection.HigherIsBetter,
        contract.Range.StartsWith("dB", StringComparison.Ordinal) ? "dB" : "",
        contract.Decimals,
        $"colours: {contract.Colour}; border: {contract.Border}; window: {contract.Window}; range: {contract.Range}; source: {contract.Source}");
}

using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Inference;
using Unpress.Metrics;

namespace Unpress.Evaluation.Cycles;

/// <summary>Enhances pictures again and again and measures each time: what happens to a picture that several people restore in turn.</summary>
public sealed class CycleRunner
{
    private readonly CycleOptions _options;
    private readonly Func<ImageBuffer, int, ImageBuffer> _enhance;

    /// <param name="enhance">
    /// The picture and the number of the cycle, from 1, to a restored picture of the same size. It sees what a lossless file would keep: 8-bit
    /// pixels, and from the second cycle on nothing of the JPEG.
    /// </param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public CycleRunner(CycleOptions options, Func<ImageBuffer, int, ImageBuffer> enhance)
    {
        options.Validate();
        (_options, _enhance) = (options, enhance);
    }

    /// <summary>
    /// One picture after the other, since a network uses all processors itself. One that fails is named and left out; one that a metric refuses
    /// is left out of that metric.
    /// </summary>
    /// <param name="onDone">Called after each picture.</param>
    public CycleTable Run(Action? onDone, CancellationToken cancellation)
    {
        var rows = new List<CycleRow>();
        var errors = new List<string>();
        foreach (var metric in _options.Metrics)
            metric.Prepare();
        foreach (string file in _options.Originals)
        {
            try
            {
                rows.AddRange(RowsOf(file, errors, cancellation));
            }
            catch (Exception error) when (UnpressException.Line(error) is { } line)
            {
                errors.Add(error is FileException ? line : $"{file}: {line}");
            }
            onDone?.Invoke();
        }
        return new CycleTable(_options, rows, errors);
    }

    private List<CycleRow> RowsOf(string file, List<string> errors, CancellationToken cancellation)
    {
        var original = OriginalPicture.Load(file, _options.Gray);
        var measurement = new StateMeasurement(_options.Metrics, file, original);
        var rows = new List<CycleRow>();
        foreach (int quality in _options.Qualities)
        {
            var encoded = _options.Codec.Encode(original, new CodecSettings(quality, _options.Subsampling), cancellation);
            var coefficients = _options.Consistent ? JpegCoefficients.Read(encoded.Bytes, file) : null;
            var picture = _options.Codec.Decode(encoded.Bytes, cancellation);
            Add(0);
            for (int cycle = 1; cycle <= _options.Cycles; cycle++)
            {
                cancellation.ThrowIfCancellationRequested();
                picture = _enhance(picture, cycle);
                if (coefficients is not null)
                    picture = ConsistentPicture.Of(picture, coefficients);
                picture.Metadata = new ImageMetadata();
                Add(cycle);
            }

            void Add(int cycle) => rows.Add(new CycleRow(
                Path.GetFileNameWithoutExtension(file), quality, cycle, measurement.Add(picture, $"quality {quality}, cycle {cycle}")));
        }
        errors.AddRange(measurement.Finish());
        return rows;
    }
}

/// <summary>The metrics of one picture after one of its enhancements.</summary>
/// <param name="Image">File name without extension.</param>
/// <param name="Quality">In the codec's own scale.</param>
/// <param name="Cycle">0 is the compressed picture, 1 the first enhancement.</param>
/// <param name="Values">One value a metric, in the order of the options.</param>
public sealed record CycleRow(string Image, int Quality, int Cycle, IReadOnlyList<double> Values);

/// <summary>What a <see cref="CycleTable"/> is made from. Consistent are the pictures after each enhancement, before the next.</summary>
public sealed record CycleOptions : EvaluationOptions
{
    /// <summary>Enhancements in a row, two or more.</summary>
    public int Cycles { get; init; } = 5;

    private protected override IEnumerable<string> Faults()
        => Cycles < 2 ? base.Faults().Append($"{Cycles} cycles: two or more") : base.Faults();
}

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

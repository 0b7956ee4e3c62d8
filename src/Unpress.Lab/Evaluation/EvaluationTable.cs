using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Metrics;

namespace Unpress.Evaluation;

/// <summary>
/// The table of every paper on compression damage: originals are compressed at a few qualities, measured, enhanced once or several times, and
/// measured after each time. Means are means of the pictures' values; a metric that is not defined for a picture leaves it out of its means, at all
/// qualities and methods, and the other metrics keep it.
/// </summary>
public sealed class EvaluationTable
{
    /// <summary>Name of the rows that were compressed and not restored.</summary>
    public const string Compressed = "compressed";

    /// <summary>What the names of restorers end in where their pictures were moved into the quantisation cells.</summary>
    public const string Consistently = ", consistent";

    private readonly string _method;

    private EvaluationTable(EvaluationOptions options, string method, IReadOnlyList<EvaluationRow> rows, IReadOnlyList<string> errors)
    {
        (Options, _method, Rows, Errors) = (options, method, rows, errors);
        Methods = [.. rows.Select(row => row.Method).Distinct()];
    }

    public EvaluationOptions Options { get; }

    /// <summary>Ordered by picture, then quality, cycle and method; pictures that failed are left out of all of them.</summary>
    public IReadOnlyList<EvaluationRow> Rows { get; }

    /// <summary><see cref="Compressed"/> first, then the restorer if there was one, then its consistent pictures where they stand beside.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>One line a failed picture, or a metric that refused one, naming it; in the order of the originals.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>Pictures that did not fail.</summary>
    public int Pictures => Rows.Select(row => row.Original).Distinct().Count();

    /// <summary>
    /// Compresses, restores and measures. Pictures are loaded, compressed and measured in parallel; <paramref name="restore"/>
    /// is called for one picture at a time, since a network uses all processors itself. A picture that fails does not stop
    /// the others.
    /// </summary>
    /// <param name="method">Name of the restorer.</param>
    /// <param name="restore">
    /// Picture to restored picture of the same size; null to measure the compressed ones only. It sees what files keep: 8-bit pixels, at first those of
    /// the compressed file with its metadata, later those of a lossless file without any.
    /// </param>
    /// <param name="onDone">Called after each picture, from any thread.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static EvaluationTable Run(
        EvaluationOptions options, string method, Func<ImageBuffer, ImageBuffer>? restore, Action? onDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        foreach (var metric in options.Metrics)
            metric.Prepare();
        var results = new PictureRows[options.Originals.Count];
        var run = new PictureRun(options, method, restore, cancellation);
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, results.Length, parallel, i =>
        {
            results[i] = run.Of(i);
            onDone?.Invoke();
        });
        return new EvaluationTable(options, method, [.. results.SelectMany(result => result.Rows)], [.. results.SelectMany(result => result.Errors)]);
    }

    /// <summary>Pictures that a metric is defined for.</summary>
    /// <exception cref="ArgumentException">The table was not asked for the metric.</exception>
    public int Count(string metric)
    {
        int column = Column(metric);
        return Rows.GroupBy(row => row.Original).Count(rows => !rows.Any(row => double.IsNaN(row.Values[column])));
    }

    /// <summary>Mean over the pictures of one metric at one quality after the last cycle; NaN where it is defined for none of them.</summary>
    /// <exception cref="ArgumentException">The table has no such rows, or was not asked for the metric.</exception>
    public double Mean(int quality, string method, string metric) => Means(quality, [method], metric)[^1];

    /// <summary>
    /// Means of one metric over the pictures: compressed, after the first enhancement, after the second, …; NaN where it is defined for none.
    /// </summary>
    /// <exception cref="ArgumentException">The table has no such rows, or was not asked for the metric.</exception>
    public IReadOnlyList<double> Cycles(int quality, string metric) => Means(quality, [Compressed, _method], metric);

    /// <summary>The <see cref="DegradationIndex"/> of one metric at one quality, percent.</summary>
    public double Index(int quality, IMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return DegradationIndex.Of([.. Cycles(quality, metric.Name).Skip(1)], metric.Contract.Direction);
    }

    /// <summary>Mean bits per pixel of the compressed pictures at one quality.</summary>
    public double MeanBitsPerPixel(int quality) => Select(quality, [Compressed]).Average(row => row.BitsPerPixel);

    private double[] Means(int quality, string[] methods, string metric)
    {
        int column = Column(metric);
        return [.. Select(quality, methods).GroupBy(row => row.Cycle).OrderBy(cycle => cycle.Key).Select(cycle =>
            cycle.Select(row => row.Values[column]).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average())];
    }

    private int Column(string metric)
    {
        int column = Options.Metrics.ToList().FindIndex(one => one.Name == metric);
        return column < 0 ? throw new ArgumentException($"the table has no metric '{metric}'") : column;
    }

    private List<EvaluationRow> Select(int quality, string[] methods)
    {
        List<EvaluationRow> rows = [.. Rows.Where(row => row.Quality == quality && methods.Contains(row.Method))];
        return rows.Count > 0 ? rows : throw new ArgumentException($"the table has no rows for quality {quality}, {methods[^1]}");
    }
}

/// <summary>What an <see cref="EvaluationTable"/> is made from.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Files of the originals: 8-bit gray or RGB without alpha.</summary>
    public required IReadOnlyList<string> Originals { get; init; }

    public required ICodec Codec { get; init; }

    /// <summary>Qualities in the codec's own scale; each is a block of the table.</summary>
    public required IReadOnlyList<int> Qualities { get; init; }

    /// <summary>4:2:0 unless said otherwise, as papers do.</summary>
    public ChromaSubsampling Subsampling { get; init; } = ChromaSubsampling.C420;

    /// <summary>Turns the originals into <see cref="StudioGray"/> before they are compressed. Default: no.</summary>
    public bool Gray { get; init; }

    /// <summary>Enhancements in a row.</summary>
    public int Cycles { get; init; } = 1;

    /// <summary>Whether enhanced pictures are moved into the quantisation cells of their JPEG.</summary>
    public ConsistentRows Consistent { get; init; }

    public IReadOnlyList<IMetric> Metrics { get; init; } = MetricCatalog.Default;

    /// <exception cref="ArgumentException">Something is empty or out of range; the message lists all faults.</exception>
    public void Validate()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
            throw new ArgumentException(string.Join("; ", faults));
    }

    private IEnumerable<string> Faults()
    {
        if (Originals.Count == 0)
            yield return "no originals";
        if (Qualities.Count == 0)
            yield return "no qualities";
        if (Metrics.Count == 0)
            yield return "no metrics";
        if (Cycles < 1)
            yield return $"{Cycles} cycles: one or more";
        foreach (int quality in Qualities.Where(quality => quality < Codec.MinQuality || quality > Codec.MaxQuality))
            yield return $"{Codec.Name} has no quality {quality}: {Codec.MinQuality}..{Codec.MaxQuality}";
        if (Consistent != ConsistentRows.None && Codec is not JpegCodec)
            yield return $"{Codec.Name} has no quantisation cells to be consistent with: only jpeg has";
    }
}

/// <summary>Which rows of an <see cref="EvaluationTable"/> are of consistent pictures.</summary>
public enum ConsistentRows
{
    None,

    /// <summary>Each restored picture is measured as it is and once more moved into the cells, as a method of its own.</summary>
    Beside,

    /// <summary>Each restored picture is moved into the cells before it is measured and enhanced again.</summary>
    Instead,
}

/// <summary>The metrics of one picture at one quality after one of its enhancements.</summary>
/// <param name="Original">Place among the originals.</param>
/// <param name="Image">File name without extension.</param>
/// <param name="Quality">In the codec's own scale.</param>
/// <param name="BitsPerPixel">Of the compressed picture.</param>
/// <param name="Method"><see cref="EvaluationTable.Compressed"/> or the name of what restored it.</param>
/// <param name="Cycle">0 is the compressed picture, 1 the first enhancement.</param>
/// <param name="Values">One value a metric, in the order of the options.</param>
public sealed record EvaluationRow(
    int Original, string Image, int Quality, double BitsPerPixel, string Method, int Cycle, IReadOnlyList<double> Values);

/// <summary>What one original came to.</summary>
internal sealed record PictureRows(IReadOnlyList<EvaluationRow> Rows, IReadOnlyList<string> Errors);

/// <summary>Makes the rows of single originals; several threads may ask.</summary>
internal sealed class PictureRun(EvaluationOptions options, string method, Func<ImageBuffer, ImageBuffer>? restore, CancellationToken cancellation)
{
    private readonly Lock _oneAtATime = new();

    public PictureRows Of(int original)
    {
        string file = options.Originals[original];
        try
        {
            return Measure(original, file);
        }
        catch (Exception error) when (UnpressException.Line(error) is { } line)
        {
            return new PictureRows([], [error is FileException ? line : $"{file}: {line}"]);
        }
    }

    private PictureRows Measure(int place, string file)
    {
        var original = OriginalPicture.Load(file, options.Gray);
        var measurement = new StateMeasurement(options.Metrics, file, original);
        string name = Path.GetFileNameWithoutExtension(file);
        var rows = new List<EvaluationRow>();
        foreach (int quality in options.Qualities)
        {
            var state = Restoration.Compress(original, options.Codec, new CodecSettings(quality, options.Subsampling), cancellation);
            double bits = state.File.BitsPerPixel;
            Add(state, EvaluationTable.Compressed);
            for (int cycle = 1; restore is not null && cycle <= options.Cycles; cycle++)
            {
                state = Enhance(state, restore);
                Add(state, method);
                if (options.Consistent == ConsistentRows.Beside)
                    Add(state.Consistent(), method + EvaluationTable.Consistently);
            }

            void Add(Restoration now, string by) => rows.Add(new EvaluationRow(
                place, name, quality, bits, by, now.Cycle,
                measurement.Add(now.Image, $"quality {quality}, {(options.Cycles > 1 ? $"cycle {now.Cycle}" : by)}")));
        }

        return new PictureRows(rows, measurement.Finish());
    }

    private Restoration Enhance(Restoration state, Func<ImageBuffer, ImageBuffer> enhance)
    {
        lock (_oneAtATime)
        {
            cancellation.ThrowIfCancellationRequested();
            return state.Enhanced(enhance, options.Consistent == ConsistentRows.Instead);
        }
    }
}

/// <summary>
/// Metrics of one picture in its states: compressed, restored, at several qualities. A metric that refuses one state leaves the picture out in all
/// of them, so that its means compare the same pictures; the other metrics keep it.
/// </summary>
internal sealed class StateMeasurement(IReadOnlyList<IMetric> metrics, string file, ImageBuffer original)
{
    private readonly string?[] _refusals = new string?[metrics.Count];
    private readonly List<double[]> _states = [];

    /// <summary>One value a metric; some of them may become NaN at <see cref="Finish"/>.</summary>
    /// <param name="state">In words, for messages.</param>
    /// <exception cref="IncomparableException">No metric can compare the picture with its original.</exception>
    public IReadOnlyList<double> Add(ImageBuffer image, string state)
    {
        PicturePair.Check(original, image);
        _states.Add(MetricValues.Of(metrics, original, image, (metric, reason) => _refusals[metric] ??= $"{reason} ({state})"));
        return _states[^1];
    }

    /// <summary>Takes out the metrics that refused: one line for each, naming picture and metric.</summary>
    /// <exception cref="IncomparableException">All of them did.</exception>
    public IReadOnlyList<string> Finish()
    {
        if (Array.TrueForAll(_refusals, reason => reason is not null))
            throw new IncomparableException(string.Join("; ", _refusals.Distinct()));
        var lines = new List<string>();
        for (int i = 0; i < _refusals.Length; i++)
        {
            if (_refusals[i] is not { } reason)
                continue;
            foreach (double[] values in _states)
                values[i] = double.NaN;
            lines.Add($"{file}: left out of {metrics[i].Name}: {reason}");
        }

        return lines;
    }
}

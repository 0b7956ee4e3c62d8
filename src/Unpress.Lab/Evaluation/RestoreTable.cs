using System.Collections.Concurrent;
using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Inference;
using Unpress.Metrics;

namespace Unpress.Evaluation;

/// <summary>
/// The table of every paper on compression damage: originals are compressed at a few qualities, measured, restored, and
/// measured again. Means are means of the pictures' values; a metric that is not defined for a picture leaves it out of its means, at all
/// qualities and methods, and the other metrics keep it.
/// </summary>
public sealed class RestoreTable
{
    /// <summary>Name of the rows that were compressed and not restored.</summary>
    public const string Compressed = "compressed";

    /// <summary>What the names of restorers end in where their pictures were moved into the quantisation cells.</summary>
    public const string Consistently = ", consistent";

    private RestoreTable(RestoreTableOptions options, IReadOnlyList<RestoreRow> rows, IReadOnlyList<string> errors)
    {
        Options = options;
        Rows = rows;
        Errors = errors;
        Methods = [.. rows.Select(row => row.Method).Distinct()];
    }

    public RestoreTableOptions Options { get; }

    /// <summary>Ordered by picture, then quality, then method; pictures that failed are left out of all of them.</summary>
    public IReadOnlyList<RestoreRow> Rows { get; }

    /// <summary><see cref="Compressed"/> first, then the restorer if there was one, then its consistent pictures.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>One line a failed picture, or a metric that refused one, naming it.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>
    /// Compresses, restores and measures. Pictures are loaded, compressed and measured in parallel; <paramref name="restore"/>
    /// is called for one picture at a time, since a network uses all processors itself. A picture that fails does not stop
    /// the others.
    /// </summary>
    /// <param name="method">Name of the restorer.</param>
    /// <param name="restore">Compressed picture to restored picture of the same size; null to measure the compressed ones only.</param>
    /// <param name="onDone">Called after each picture, from any thread.</param>
    public static RestoreTable Run(
        RestoreTableOptions options,
        string method,
        Func<ImageBuffer, ImageBuffer>? restore,
        Action? onDone,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        foreach (var metric in options.Metrics)
            metric.Prepare();
        var rows = new IReadOnlyList<RestoreRow>[options.Originals.Count];
        var errors = new ConcurrentBag<string>();
        var oneAtATime = new Lock();
        Func<ImageBuffer, ImageBuffer>? restoreAlone = restore is null ? null : image =>
        {
            lock (oneAtATime)
            {
                cancellation.ThrowIfCancellationRequested();
                return restore(image);
            }
        };
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, rows.Length, parallel, i =>
        {
            string file = options.Originals[i];
            try
            {
                rows[i] = RowsOf(file, options, method, restoreAlone, errors, cancellation);
            }
            catch (Exception error) when (UnpressException.Line(error) is { } line)
            {
                rows[i] = [];
                errors.Add(error is FileException ? line : $"{file}: {line}");
            }
            onDone?.Invoke();
        });
        return new RestoreTable(options, [.. rows.SelectMany(row => row)], [.. errors.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Pictures that did not fail.</summary>
    public int Pictures => Rows.Count / RowsOfPicture;

    /// <summary>Pictures that a metric is defined for.</summary>
    /// <exception cref="ArgumentException">The table was not asked for the metric.</exception>
    public int Count(string metric)
    {
        int column = Column(metric);
        return Rows.Count(row => !double.IsNaN(row.Values[column])) / RowsOfPicture;
    }

    /// <summary>Mean over the pictures of one metric at one quality; NaN where it is defined for none of them.</summary>
    /// <exception cref="ArgumentException">The table has no such rows, or was not asked for the metric.</exception>
    public double Mean(int quality, string method, string metric)
    {
        int column = Column(metric);
        return Select(quality, method).Select(row => row.Values[column]).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
    }

    /// <summary>Mean bits per pixel of the compressed pictures at one quality.</summary>
    public double MeanBitsPerPixel(int quality) => Select(quality, Compressed).Average(row => row.BitsPerPixel);

    private int RowsOfPicture => Options.Qualities.Count * Math.Max(1, Methods.Count);

    private int Column(string metric)
    {
        int column = Options.Metrics.ToList().FindIndex(one => one.Name == metric);
        return column < 0 ? throw new ArgumentException($"the table has no metric '{metric}'") : column;
    }

    private List<RestoreRow> Select(int quality, string method)
    {
        List<RestoreRow> rows = [.. Rows.Where(row => row.Quality == quality && row.Method == method)];
        return rows.Count > 0 ? rows : throw new ArgumentException($"the table has no rows for quality {quality}, {method}");
    }

    private static List<RestoreRow> RowsOf(
        string file, RestoreTableOptions options, string method, Func<ImageBuffer, ImageBuffer>? restore, ConcurrentBag<string> errors,
        CancellationToken cancellation)
    {
        var original = OriginalPicture.Load(file, options.Gray);
        var measurement = new StateMeasurement(options.Metrics, file, original);
        string name = Path.GetFileNameWithoutExtension(file);
        var rows = new List<RestoreRow>();
        foreach (int quality in options.Qualities)
        {
            var encoded = options.Codec.Encode(original, new CodecSettings(quality, options.Subsampling), cancellation);
            var compressed = options.Codec.Decode(encoded.Bytes, cancellation);
            Add(Compressed, compressed);
            if (restore is null)
                continue;
            var restored = restore(compressed);
            Add(method, restored);
            if (options.Consistent)
                Add(method + Consistently, ConsistentPicture.Of(restored, JpegCoefficients.Read(encoded.Bytes, file)));

            void Add(string by, ImageBuffer image) => rows.Add(new RestoreRow(
                name, quality, encoded.BitsPerPixel, by, measurement.Add(image, $"quality {quality}, {by}")));
        }
        foreach (string refusal in measurement.Finish())
            errors.Add(refusal);
        return rows;
    }
}

/// <summary>What a <see cref="RestoreTable"/> is made from. Consistent pictures are measured beside those that are only restored.</summary>
public sealed record RestoreTableOptions : EvaluationOptions;

/// <summary>The metrics of one picture at one quality, before or after restoration.</summary>
/// <param name="Image">File name without extension.</param>
/// <param name="Quality">In the codec's own scale.</param>
/// <param name="BitsPerPixel">Of the compressed picture.</param>
/// <param name="Method"><see cref="RestoreTable.Compressed"/> or the name of what restored it.</param>
/// <param name="Values">One value a metric, in the order of the options.</param>
public sealed record RestoreRow(string Image, int Quality, double BitsPerPixel, string Method, IReadOnlyList<double> Values);

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

/// <summary>
/// The gray picture that papers on gray JPEG start from: round(16 + (65.481 R + 128.553 G + 24.966 B)/255), the luma of
/// BT.601 in studio swing, levels 16..235.
/// </summary>
public static class StudioGray
{
    /// <summary>H×W gray, 8 bits, from 8-bit RGB; a gray picture is returned as it is.</summary>
    public static ImageBuffer From(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Model == ColourModel.Gray)
            return image;
        if (image.Model != ColourModel.Rgb || image.BitsPerSample != 8)
            throw new ArgumentException("studio luma is made from 8-bit RGB", nameof(image));
        var gray = new ImageBuffer(image.Width, image.Height, ColourModel.Gray);
        var from = image.Data;
        for (int i = 0, j = 0; i < gray.Data.Length; i++, j += image.Bands)
        {
            double luma = 16 + (((65.481 * from[j]) + (128.553 * from[j + 1]) + (24.966 * from[j + 2])) / 255);
            gray.Data[i] = (byte)(luma + 0.5);
        }
        return gray;
    }
}

/// <summary>The undamaged pictures that experiments start from.</summary>
internal static class OriginalPicture
{
    /// <param name="gray">Turn it into <see cref="StudioGray"/>.</param>
    /// <exception cref="InvalidFileException">Not readable, or not 8-bit gray or RGB without alpha.</exception>
    public static ImageBuffer Load(string file, bool gray)
    {
        var original = ImageFile.Load(file);
        if (original.BitsPerSample != 8 || original.HasAlpha || original.Model == ColourModel.Cmyk)
            throw new InvalidFileException(file, "an original must be 8-bit gray or RGB without alpha");
        return gray ? StudioGray.From(original) : original;
    }
}

using System.Globalization;
using Unpress.Imaging;
using Unpress.Imaging.Processes;
using Unpress.Metrics;

namespace Unpress.Evaluation;

/// <summary>Metrics over many pairs of files, as many at a time as there are processors and no more in memory than those.</summary>
public static class PairMeasurement
{
    /// <summary>One result a pair, in the order of the pairs. A pair that fails does not stop the others.</summary>
    /// <param name="onDone">Called after each pair, from any thread.</param>
    /// <param name="files">What reads the pictures; this process without it.</param>
    public static IReadOnlyList<PairResult> Run(
        IReadOnlyList<PicturePaths> pairs, IReadOnlyList<IMetric> metrics, Action<PairResult>? onDone, CancellationToken cancellation,
        IPictureFiles? files = null)
    {
        files ??= new DirectFiles();
        ArgumentNullException.ThrowIfNull(pairs);
        foreach (var metric in metrics)
            metric.Prepare();
        var results = new PairResult[pairs.Count];
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, pairs.Count, options, i =>
        {
            results[i] = Measure(pairs[i], metrics, files, cancellation);
            onDone?.Invoke(results[i]);
        });
        return results;
    }

    private static PairResult Measure(PicturePaths pair, IReadOnlyList<IMetric> metrics, IPictureFiles files, CancellationToken cancellation)
    {
        try
        {
            var reference = pair.Reference is null ? null : files.Load(pair.Reference, cancellation);
            var image = files.Load(pair.Image, cancellation);
            var faults = new List<string>();
            double[] values = MetricValues.Of(metrics, reference, image, (_, reason) => faults.Add(reason));
            string? error = faults.Count == 0 ? null : $"{pair.Image}: {string.Join("; ", faults.Distinct())}";
            string[] notices =
            [
                .. reference is { HasAlpha: true } || image.HasAlpha ? [$"{pair.Image}: alpha is not measured"] : Array.Empty<string>(),
                .. (reference?.Metadata.LeftOut ?? []).Select(said => $"{pair.Reference}: {said}"),
                .. image.Metadata.LeftOut.Select(said => $"{pair.Image}: {said}"),
            ];
            string? notice = notices.Length > 0 ? string.Join("; ", notices) : null;
            return new PairResult(pair, values.All(double.IsNaN) ? null : values, error, notice);
        }
        catch (InvalidFileException error)
        {
            return new PairResult(pair, null, error.Message, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NativeImageException or ProcessFailedException)
        {
            return new PairResult(pair, null, $"{pair.Image}: {UnpressException.Line(error, pair.Image)}", null);
        }
    }
}

/// <summary>What came of one pair.</summary>
/// <param name="Values">One value a metric, in the order asked for, NaN where that metric is not defined for the pair; null when the whole pair failed.</param>
/// <param name="Error">One line that names the file; null when all went well; faults of several metrics are joined by semicolons.</param>
/// <param name="Notice">Something the reader of the numbers should know; null when there is nothing.</param>
public sealed record PairResult(PicturePaths Paths, IReadOnlyList<double>? Values, string? Error, string? Notice);

/// <summary>Several metrics of one picture: one that is not defined for it leaves the others their values.</summary>
internal static class MetricValues
{
    /// <param name="reference">Null where there is no original.</param>
    /// <param name="refused">Gets the place of each metric that refuses, and why.</param>
    /// <returns>One value a metric, NaN for those that refuse.</returns>
    public static double[] Of(IReadOnlyList<IMetric> metrics, ImageBuffer? reference, ImageBuffer image, Action<int, string> refused)
    {
        var values = new double[metrics.Count];
        for (int i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = metrics[i] is INoReferenceMetric alone ? alone.Measure(image)
                    : reference is not null ? metrics[i].Measure(reference, image)
                    : throw new IncomparableException($"{metrics[i].Name} needs the original");
            }
            catch (IncomparableException fault)
            {
                values[i] = double.NaN;
                refused(i, fault.Message);
            }
        }

        return values;
    }
}

/// <summary>Values of metrics as tables print them.</summary>
public static class MetricText
{
    /// <summary>The value with the decimals that the metric's contract names; "inf" for infinity, "-" where it is not defined.</summary>
    public static string Of(IMetric metric, double value)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return double.IsNaN(value) ? "-" : FixedText.Of(value, metric.Contract.Decimals);
    }
}

/// <summary>Numbers with a fixed count of decimals, as tables print them.</summary>
public static class FixedText
{
    /// <summary>With a point; "inf" for infinity. What rounds to 0 has no sign: .NET would print -0.00.</summary>
    public static string Of(double value, int decimals)
    {
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        string text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return text[0] == '-' && !text.AsSpan().ContainsAnyInRange('1', '9') ? text[1..] : text;
    }

    /// <summary>A difference: as <see cref="Of"/>, with a plus where there is no minus.</summary>
    public static string Signed(double value, int decimals) => Of(value, decimals) is var text && text[0] == '-' ? text : $"+{text}";
}

using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Evaluation;

/// <summary>Metrics over many pairs of files, as many at a time as there are processors and no more in memory than those.</summary>
public static class PairMeasurement
{
    /// <summary>One result a pair, in the order of the pairs. A pair that fails does not stop the others.</summary>
    /// <param name="onDone">Called after each pair, from any thread.</param>
    public static IReadOnlyList<PairResult> Run(
        IReadOnlyList<PicturePaths> pairs, IReadOnlyList<IMetric> metrics, Action<PairResult>? onDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        foreach (var metric in metrics)
            metric.Prepare();
        var results = new PairResult[pairs.Count];
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, pairs.Count, options, i =>
        {
            results[i] = Measure(pairs[i], metrics);
            onDone?.Invoke(results[i]);
        });
        return results;
    }

    private static PairResult Measure(PicturePaths pair, IReadOnlyList<IMetric> metrics)
    {
        try
        {
            var reference = pair.Reference is null ? null : ImageFile.Load(pair.Reference);
            var image = ImageFile.Load(pair.Image);
            var faults = new List<string>();
            double[] values = MetricValues.Of(metrics, reference, image, (_, reason) => faults.Add(reason));
            string? error = faults.Count == 0 ? null : $"{pair.Image}: {string.Join("; ", faults.Distinct())}";
            string? notice = reference is { HasAlpha: true } || image.HasAlpha ? $"{pair.Image}: alpha is not measured" : null;
            return new PairResult(pair, values.All(double.IsNaN) ? null : values, error, notice);
        }
        catch (InvalidFileException error)
        {
            return new PairResult(pair, null, error.Message, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new PairResult(pair, null, $"{pair.Image}: {error.Message}", null);
        }
    }
}

/// <summary>What came of one pair.</summary>
/// <param name="Values">One value a metric, in the order asked for, NaN where that metric is not defined for the pair; null when the whole pair failed.</param>
/// <param name="Error">One line that names the file; null when all went well; faults of several metrics are joined by semicolons.</param>
/// <param name="Notice">Something the reader of the numbers should know; null when there is nothing.</param>
public sealed record PairResult(PicturePaths Paths, IReadOnlyList<double>? Values, string? Error, string? Notice);

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
            double[] values = [.. metrics.Select(metric => Value(metric, reference, image, faults))];
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

    // A metric that is not defined for these pictures leaves the others their values.
    private static double Value(IMetric metric, ImageBuffer? reference, ImageBuffer image, List<string> faults)
    {
        try
        {
            return metric is INoReferenceMetric alone ? alone.Measure(image)
                : reference is not null ? metric.Measure(reference, image)
                : throw new IncomparableException($"{metric.Name} needs the original");
        }
        catch (IncomparableException fault)
        {
            faults.Add(fault.Message);
            return double.NaN;
        }
    }
}

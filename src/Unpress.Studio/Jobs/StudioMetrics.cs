using Prometheus;
using Registry = Prometheus.Metrics;

namespace Unpress.Studio.Jobs;

/// <summary>What operators watch, in Prometheus's format at /metrics.</summary>
internal static class StudioMetrics
{
    public static readonly Counter Refused = Registry.CreateCounter("unpress_refused_total", "Jobs refused because the queue was full.");

    private static readonly Counter Jobs = Registry.CreateCounter("unpress_jobs_total", "Jobs that ended.", "state");

    private static readonly Histogram Seconds = Registry.CreateHistogram(
        "unpress_job_seconds", "From a job's turn to its end.", new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.1, 2, 12) });

    private static readonly Gauge Waiting = Registry.CreateGauge("unpress_jobs_waiting", "Jobs in the queue.");

    private static readonly Gauge Kept = Registry.CreateGauge("unpress_kept_bytes", "Memory of results that are kept.");

    private static Func<double>? _waiting, _kept;

    static StudioMetrics() => Registry.DefaultRegistry.AddBeforeCollectCallback(() =>
    {
        Waiting.Set(_waiting?.Invoke() ?? 0);
        Kept.Set(_kept?.Invoke() ?? 0);
    });

    public static void Watch(Func<double> waiting, Func<double> kept) => (_waiting, _kept) = (waiting, kept);

    public static void Ended(JobState state, TimeSpan took)
    {
        Jobs.WithLabels(state.ToString().ToLowerInvariant()).Inc();
        Seconds.Observe(took.TotalSeconds);
    }
}

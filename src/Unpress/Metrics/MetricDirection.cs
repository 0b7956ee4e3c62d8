namespace Unpress.Metrics;

/// <summary>Which way a metric points.</summary>
public enum MetricDirection
{
    HigherIsBetter,
    LowerIsBetter,
}

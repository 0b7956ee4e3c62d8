using Unpress.Metrics;

namespace Unpress.Evaluation;

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

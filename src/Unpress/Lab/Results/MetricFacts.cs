using Unpress.Metrics;

namespace Unpress.Lab.Results;

/// <summary>A metric's contract as a run records it.</summary>
/// <param name="Higher">True when a higher value is better.</param>
/// <param name="Unit">"dB", or empty.</param>
/// <param name="Decimals">What tables print.</param>
/// <param name="Contract">Colours, border, window, range and source, in words.</param>
public sealed record MetricFacts(string Name, string Summary, bool Higher, string Unit, int Decimals, string Contract)
{
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

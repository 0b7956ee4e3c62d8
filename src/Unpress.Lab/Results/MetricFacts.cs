using System.Text.Json.Serialization;
using Unpress.Metrics;

namespace Unpress.Lab.Results;

/// <summary>A metric's contract as a run records it.</summary>
/// <param name="Higher">True when a higher value is better.</param>
/// <param name="Unit">"dB", or empty.</param>
/// <param name="Decimals">What tables print.</param>
/// <param name="Contract">Colours, border, window, range and source, in words.</param>
/// <param name="Neither">It describes, as a distance to the compressed pictures does: neither more nor less of it is better.</param>
public sealed record MetricFacts(string Name, string Summary, bool Higher, string Unit, int Decimals, string Contract, bool Neither = false)
{
    /// <summary>Title of a table of its own, whose rows are figures and whose columns are systems; null for none.</summary>
    public string? Table { get; init; }

    /// <summary>What it is called in that table.</summary>
    public string? Row { get; init; }

    /// <summary>It stands in that table only, not among the metrics of others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Aside { get; init; }

    /// <summary>Whether higher is better; null where neither is.</summary>
    public bool? Better() => Neither ? null : Higher;

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

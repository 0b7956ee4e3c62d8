using Spectre.Console;
using Unpress.Metrics;

namespace Unpress.Cli;

/// <summary>What the figures of a table are: no value without its conventions.</summary>
internal static class MetricLegend
{
    /// <summary>A line a metric, below the table.</summary>
    public static void Print(IAnsiConsole console, IEnumerable<IMetric> metrics)
    {
        var grid = new Grid().AddColumn(new GridColumn().PadLeft(2).PadRight(2).NoWrap()).AddColumn();
        foreach (var metric in metrics)
        {
            var contract = metric.Contract;
            string conventions = $"{Better(contract)}; {contract.Range}; colours: {contract.Colour}; window: {contract.Window}; border: {contract.Border}";
            grid.AddRow(new Text(metric.Name, new Style(Color.Grey)), new Text(conventions, new Style(Color.Grey)));
        }

        console.Write(grid);
    }

    /// <summary>The same as members of JSON.</summary>
    public static IEnumerable<object> Json(IEnumerable<IMetric> metrics) => metrics.Select(metric => new
    {
        name = metric.Name,
        better = Better(metric.Contract),
        range = metric.Contract.Range,
        colour = metric.Contract.Colour,
        window = metric.Contract.Window,
        border = metric.Contract.Border,
        source = metric.Contract.Source,
    });

    /// <summary>"higher is better", or lower.</summary>
    public static string Better(MetricContract contract) => contract.Direction == MetricDirection.HigherIsBetter ? "higher is better" : "lower is better";
}

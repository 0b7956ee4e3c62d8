using System.Globalization;
using Spectre.Console;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Measure;

/// <summary>Every metric with its contract.</summary>
internal static class MetricListPrinter
{
    public static void Print(IAnsiConsole console)
    {
        foreach (var metric in MetricCatalog.All)
        {
            var contract = metric.Contract;
            string better = contract.Direction == MetricDirection.HigherIsBetter ? "higher is better" : "lower is better";
            string identical = double.IsPositiveInfinity(contract.OnIdentical)
                ? "infinity" : contract.OnIdentical.ToString(CultureInfo.InvariantCulture);
            console.MarkupLineInterpolated($"[bold]{metric.Name}[/]  {metric.Summary}");
            var facts = new Grid().AddColumn(new GridColumn().PadLeft(4).PadRight(2).NoWrap()).AddColumn();
            Fact("better", $"{better}; {contract.Range}");
            Fact("identical", $"{identical}{(contract.Symmetric ? "" : "; swapping the pictures changes the value")}");
            Fact("colour", contract.Colour);
            Fact("window", contract.Window);
            Fact("border", contract.MinSide > 1 ? $"{contract.Border}; at least {contract.MinSide} pixels a side" : contract.Border);
            Fact("source", contract.Source);
            console.Write(facts);

            void Fact(string name, string value) => facts.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        }
    }
}

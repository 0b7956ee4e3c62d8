using System.Globalization;
using Spectre.Console;
using Unpress.Downloads;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Measure;

/// <summary>Every metric with its contract.</summary>
internal static class MetricListPrinter
{
    public static void Print(IAnsiConsole console)
    {
        foreach (var metric in MetricCatalog.All)
            Print(console, metric.Name, metric.Summary, metric.Contract, metric is INoReferenceMetric ? "none: it looks at the second picture, or at one alone" : null);
        foreach (var metric in MetricCatalog.Sets)
            Print(console, metric.Name, metric.Summary, metric.Contract, "another set of pictures; unpress fid A B");
    }

    private static void Print(IAnsiConsole console, string name, string summary, MetricContract contract, string? reference)
    {
        console.MarkupLineInterpolated($"[bold]{name}[/]  {summary}");
        var facts = new Grid().AddColumn(new GridColumn().PadLeft(4).PadRight(2).NoWrap()).AddColumn();
        Fact("better", $"{MetricLegend.Better(contract)}; {contract.Range}");
        if (contract.OnIdentical is { } identical)
            Fact("identical", $"{Number(identical)}{(contract.Symmetric ? "" : "; swapping the pictures changes the value")}");
        if (reference is not null)
            Fact("reference", reference);
        Fact("colour", contract.Colour);
        Fact("window", contract.Window);
        Fact("border", contract.MinSide > 1 ? $"{contract.Border}; at least {contract.MinSide} pixels a side" : contract.Border);
        if (contract.Weights.Count > 0)
            Fact("needs", string.Join(", ", contract.Weights.Select(Weights)));
        Fact("source", contract.Source);
        console.Write(facts);

        void Fact(string name, string value) => facts.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "infinity" : value.ToString(CultureInfo.InvariantCulture);

    private static string Weights(string name)
    {
        var file = OfficialFiles.Find(name);
        return $"{file.FileName} ({(OfficialFiles.PathOf(file) is null ? $"not here: unpress models fetch {name}" : "here")})";
    }
}

using System.Globalization;
using Spectre.Console;
using Unpress.Cli.Commands.Models;
using Unpress.Lab.Results;

namespace Unpress.Cli.Commands.Lab;

/// <summary>What networks cost, for people: the columns of <c>bench networks</c>.</summary>
internal static class EfficiencyPrinter
{
    public static void Print(IAnsiConsole console, FigureTable figures)
    {
        foreach (var (set, codec, setting) in figures.Compressions())
        {
            var table = new Table().Border(TableBorder.Simple).Title($"one picture of {set.Replace("x", "×", StringComparison.Ordinal)}").AddColumn("network");
            foreach (string heading in (string[])["parameters", "MACs", "in tables", "ms", "core ms", "measured at"])
                table.AddColumn(new TableColumn(heading).RightAligned());
            foreach (string network in figures.Enhancers())
            {
                double? Value(string metric) => figures.Mean(set, codec, setting, network, 1, metric);
                string Amount(string metric) => Value(metric) is { } amount ? Amounts.Of(amount) : "–";
                table.AddRow([
                    Markup.Escape(network), Amount("parameters"), Amount("macs"), Amount("table-macs"),
                    LabPrinter.Text(Value("ms"), 1), LabPrinter.Text(Value("core-ms"), 1),
                    Value("measured-side")?.ToString("F0", CultureInfo.InvariantCulture) ?? "–"]);
            }

            console.Write(table);
        }
    }
}

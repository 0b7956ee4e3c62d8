using System.Text;
using System.Text.Json;
using Spectre.Console;
using Unpress.Evaluation;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Measure;

/// <summary>The results of <c>measure</c> as a table, as JSON and as CSV.</summary>
internal static class MeasurePrinter
{
    public static void Table(IAnsiConsole console, IReadOnlyList<IMetric> metrics, IReadOnlyList<PairResult> results)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("picture");
        int measured = results.Count(result => result.Values is not null);
        for (int i = 0; i < metrics.Count; i++)
        {
            // A mean of fewer pictures than the next column's says so.
            int defined = results.Count(result => result.Values is { } values && !double.IsNaN(values[i]));
            table.AddColumn(new TableColumn(Markup.Escape(defined == measured ? metrics[i].Name : $"{metrics[i].Name}\nof {defined}")).RightAligned());
        }

        foreach (var result in results)
        {
            table.AddRow([
                Markup.Escape(result.Paths.Name),
                .. metrics.Select((metric, i) => result.Values is { } values ? MetricText.Of(metric, values[i]) : "failed"),
            ]);
        }
        if (measured > 1)
            table.AddRow(["[bold]mean[/]", .. metrics.Select((metric, i) => $"[bold]{MetricText.Of(metric, Mean(results, i))}[/]")]);
        console.Write(table);
        MetricLegend.Print(console, metrics);
    }

    /// <summary>Full precision; infinity is the string "Infinity", a value that is not defined "NaN", since JSON has no number for them.</summary>
    public static void Json(
        TextWriter writer, IReadOnlyList<IMetric> metrics, IReadOnlyList<PairResult> results, IReadOnlyList<UnmatchedPicture> unmatched)
    {
        bool any = results.Any(result => result.Values is not null);
        writer.WriteLine(JsonSerializer.Serialize(
            new
            {
                metrics = MetricLegend.Json(metrics),
                pictures = results.Select(result => new
                {
                    name = result.Paths.Name,
                    reference = result.Paths.Reference,
                    image = result.Paths.Image,
                    values = result.Values is { } values ? Named(metrics, values) : null,
                    error = result.Error,
                    notice = result.Notice,
                }),
                mean = any ? Named(metrics, [.. metrics.Select((_, i) => Mean(results, i))]) : null,
                unmatched = unmatched.Select(one => new { path = one.Path, reason = one.Reason }),
            },
            JsonText.Options));
    }

    /// <summary>A header, then one line a picture that was measured; full precision.</summary>
    public static string Csv(IReadOnlyList<IMetric> metrics, IReadOnlyList<PairResult> results)
    {
        var text = new StringBuilder().AppendJoin(',', ["picture", .. metrics.Select(metric => metric.Name)]).Append('\n');
        foreach (var result in results)
            if (result.Values is { } values)
                text.AppendJoin(',', [CsvText.Cell(result.Paths.Name), .. values.Select(CsvText.Cell)]).Append('\n');
        return text.ToString();
    }

    private static double Mean(IReadOnlyList<PairResult> results, int metric) =>
        results.Select(result => result.Values?[metric] ?? double.NaN).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();

    private static Dictionary<string, double> Named(IReadOnlyList<IMetric> metrics, IReadOnlyList<double> values) =>
        metrics.Select((metric, i) => (metric.Name, Value: values[i])).ToDictionary(pair => pair.Name, pair => pair.Value);
}

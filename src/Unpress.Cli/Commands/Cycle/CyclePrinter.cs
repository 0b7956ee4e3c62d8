using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Unpress.Evaluation;

namespace Unpress.Cli.Commands.Cycle;

/// <summary>A <see cref="EvaluationTable"/> for people, as JSON and as CSV.</summary>
internal static class CyclePrinter
{
    /// <summary>One line a quality and metric: compressed (0), the cycles that the console holds, the index.</summary>
    public static void Table(IAnsiConsole console, string model, EvaluationTable results)
    {
        string consistent = IsConsistent(results) ? ", consistent" : "";
        var fewer = results.Options.Metrics.Where(metric => results.Count(metric.Name) < results.Pictures)
            .Select(metric => $", {metric.Name} of {results.Count(metric.Name)}");
        var rows =
            from quality in results.Options.Qualities
            from metric in results.Options.Metrics
            select (string[])[
                quality.ToString(CultureInfo.InvariantCulture),
                metric.Name,
                .. results.Cycles(quality, metric.Name).Select(value => MetricText.Of(metric, value)),
                results.Index(quality, metric) is var index && double.IsNaN(index) ? "-" : FixedText.Of(index, 3)];
        console.Write(CycleColumns.Create(
            console.Profile.Width,
            $"{CountText.Pictures(results.Pictures)}{string.Concat(fewer)}, {results.Options.Codec.Name}, {model}{consistent}",
            ["quality", "metric"],
            [.. rows],
            "--json, --csv"));
    }

    /// <summary>Means, indices and every row behind them, full precision.</summary>
    public static void Json(TextWriter writer, string model, EvaluationTable results) =>
        writer.WriteLine(JsonSerializer.Serialize(
            new
            {
                model,
                codec = results.Options.Codec.Name,
                encoder = results.Options.Codec.Encoder,
                gray = results.Options.Gray,
                consistent = IsConsistent(results),
                cycles = results.Options.Cycles,
                pictures = results.Pictures,
                means =
                    from quality in results.Options.Qualities
                    from metric in results.Options.Metrics
                    select new
                    {
                        quality,
                        metric = metric.Name,
                        values = results.Cycles(quality, metric.Name),
                        degradation_index = results.Index(quality, metric),
                    },
                rows = results.Rows.Select(row => new
                {
                    image = row.Image,
                    quality = row.Quality,
                    cycle = row.Cycle,
                    values = results.Options.Metrics.Select((metric, i) => (metric.Name, i)).ToDictionary(pair => pair.Name, pair => row.Values[pair.i]),
                }),
                errors = results.Errors,
            },
            JsonText.Options));

    private static bool IsConsistent(EvaluationTable results) => results.Options.Consistent == ConsistentRows.Instead;

    /// <summary>A long table, one row a value.</summary>
    public static string Csv(string model, EvaluationTable results)
    {
        var text = new StringBuilder("codec,quality,model,consistent,image,cycle,metric,value\n");
        foreach (var row in results.Rows)
        {
            for (int i = 0; i < row.Values.Count; i++)
            {
                text.AppendJoin(',', results.Options.Codec.Name, row.Quality, CsvText.Cell(model), IsConsistent(results) ? "yes" : "no",
                    CsvText.Cell(row.Image), row.Cycle, results.Options.Metrics[i].Name, CsvText.Cell(row.Values[i])).Append('\n');
            }
        }
        return text.ToString();
    }
}

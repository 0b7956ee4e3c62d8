using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Unpress.Evaluation;
using Unpress.Imaging;

namespace Unpress.Cli.Commands.Evaluate;

/// <summary>A <see cref="RestoreTable"/> as a table for people, Markdown, JSON and CSV.</summary>
internal static class EvaluatePrinter
{
    public static void Table(IAnsiConsole console, RestoreTable results)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(Title(results)));
        var header = Header(results);
        for (int i = 0; i < header.Count; i++)
            table.AddColumn(i == 1 ? new TableColumn(header[i]) : new TableColumn(header[i]).RightAligned());
        foreach (var row in Rows(results))
            table.AddRow([.. row.Select(text => Spectre.Console.Markup.Escape(text))]);
        console.Write(table);
        MetricLegend.Print(console, results.Options.Metrics);
    }

    public static void Markdown(TextWriter writer, RestoreTable results)
    {
        var header = Header(results);
        writer.WriteLine($"{Title(results)}\n");
        writer.WriteLine($"| {string.Join(" | ", header)} |");
        writer.WriteLine($"|{string.Concat(header.Select((_, i) => i == 1 ? " --- |" : " ---: |"))}");
        foreach (var row in Rows(results))
            writer.WriteLine($"| {string.Join(" | ", row)} |");
    }

    /// <summary>Means and every row behind them, full precision.</summary>
    public static void Json(TextWriter writer, RestoreTable results) =>
        writer.WriteLine(JsonSerializer.Serialize(
            new
            {
                codec = results.Options.Codec.Name,
                encoder = results.Options.Codec.Encoder,
                subsampling = Chroma(results),
                gray = results.Options.Gray,
                pictures = results.Pictures,
                metrics = MetricLegend.Json(results.Options.Metrics),
                means =
                    from quality in results.Options.Qualities
                    from method in results.Methods
                    select new
                    {
                        quality,
                        method,
                        bits_per_pixel = results.MeanBitsPerPixel(quality),
                        values = results.Options.Metrics.ToDictionary(metric => metric.Name, metric => results.Mean(quality, method, metric.Name)),
                    },
                rows = results.Rows.Select(row => new
                {
                    image = row.Image,
                    quality = row.Quality,
                    method = row.Method,
                    bits_per_pixel = row.BitsPerPixel,
                    values = results.Options.Metrics.Select((metric, i) => (metric.Name, i)).ToDictionary(pair => pair.Name, pair => row.Values[pair.i]),
                }),
                errors = results.Errors,
            },
            JsonText.Options));

    /// <summary>A long table, one row a value, so that any question is a filter.</summary>
    public static string Csv(RestoreTable results)
    {
        var text = new StringBuilder("codec,quality,subsampling,method,image,metric,value\n");
        foreach (var row in results.Rows)
        {
            for (int i = 0; i < row.Values.Count; i++)
                Line(row, results.Options.Metrics[i].Name, row.Values[i]);
            Line(row, "bits-per-pixel", row.BitsPerPixel);
        }
        return text.ToString();

        void Line(RestoreRow row, string metric, double value) => text
            .AppendJoin(',', results.Options.Codec.Name, row.Quality, Chroma(results), CsvText.Cell(row.Method),
                CsvText.Cell(row.Image), metric, CsvText.Cell(value))
            .Append('\n');
    }

    private static string Title(RestoreTable results)
    {
        var options = results.Options;
        string colour = options.Gray ? "gray" : Chroma(results);
        var fewer = options.Metrics.Where(metric => results.Count(metric.Name) < results.Pictures).Select(metric => $", {metric.Name} of {results.Count(metric.Name)}");
        return $"{CountText.Pictures(results.Pictures)}{string.Concat(fewer)}, {options.Codec.Name} ({options.Codec.Encoder}), {colour}";
    }

    private static string Chroma(RestoreTable results) => results.Options.Subsampling switch
    {
        ChromaSubsampling.C420 => "4:2:0",
        ChromaSubsampling.C422 => "4:2:2",
        _ => "4:4:4",
    };

    private static IReadOnlyList<string> Header(RestoreTable results) =>
        ["quality", "pictures are", "bits/pixel", .. results.Options.Metrics.Select(metric => metric.Name)];

    private static IEnumerable<IReadOnlyList<string>> Rows(RestoreTable results) =>
        from quality in results.Options.Qualities
        from method in results.Methods
        select (IReadOnlyList<string>)
        [
            quality.ToString(CultureInfo.InvariantCulture),
            method,
            results.MeanBitsPerPixel(quality).ToString("F3", CultureInfo.InvariantCulture),
            .. results.Options.Metrics.Select(metric => MetricText.Of(metric, results.Mean(quality, method, metric.Name))),
        ];
}

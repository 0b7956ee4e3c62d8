using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Unpress.Evaluation;

namespace Unpress.Cli.Commands.Estimate;

/// <summary>An <see cref="EstimateTable"/> as a table for people, Markdown and JSON.</summary>
internal static class EstimatePrinter
{
    private const string Original = "original", All = "all";

    public static void Table(IAnsiConsole console, string model, EstimateTable results)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape($"{CountText.Pictures(results.Of(null).Pictures)}, jpeg 4:2:0, {model}"));
        foreach (string title in Titles(results))
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var (name, figures) in Lines(results))
            table.AddRow(Cells(name, figures));
        console.Write(table);
    }

    public static void Markdown(TextWriter writer, EstimateTable results)
    {
        string[] titles = Titles(results);
        writer.WriteLine($"| {string.Join(" | ", titles)} |");
        writer.WriteLine($"|{string.Concat(titles.Select(_ => " ---: |"))}");
        foreach (var (name, figures) in Lines(results))
            writer.WriteLine($"| {string.Join(" | ", Cells(name, figures))} |");
    }

    /// <summary>Means and every row behind them, full precision.</summary>
    public static void Json(TextWriter writer, string model, EstimateTable results) =>
        writer.WriteLine(JsonSerializer.Serialize(
            new
            {
                model,
                classes = results.HasClasses,
                pictures = results.Of(null).Pictures,
                means = Lines(results).Select(line => new
                {
                    quality = line.Name,
                    found = line.Figures.Found,
                    error = line.Figures.Error,
                    near = line.Figures.Near,
                    exact = line.Figures.Exact,
                }),
                rows = results.Rows.Select(row => new { image = row.Image, quality = row.Quality, found = row.Found, @class = row.Class }),
                errors = results.Errors,
            },
            JsonText.Options));

    private static string[] Titles(EstimateTable results)
        => ["quality", "mean found", "mean error", $"within {EstimateTable.Near}", results.HasClasses ? "class right" : "exact"];

    private static IEnumerable<(string Name, EstimateFigures Figures)> Lines(EstimateTable results)
        => results.Qualities.Select(quality => (quality?.ToString(CultureInfo.InvariantCulture) ?? Original, results.Of(quality)))
            .Append((All, results.OfAll()));

    private static string[] Cells(string name, EstimateFigures figures) =>
    [
        name,
        figures.Found.ToString("F1", CultureInfo.InvariantCulture),
        figures.Error.ToString("F1", CultureInfo.InvariantCulture),
        Percent(figures.Near),
        Percent(figures.Exact),
    ];

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");
}

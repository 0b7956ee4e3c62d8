using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Models;
using Unpress.Networks;

namespace Unpress.Cli.Commands.Estimate;

/// <summary><c>unpress estimate --data FOLDER --model MODEL</c>: how well a network tells the quality factor of JPEGs.</summary>
public static class EstimateCommand
{
    private static readonly int[] UsualQualities = [10, 20, 30, 40, 50, 60, 70, 80, 90];

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of originals.", HelpName = "FOLDER", Required = true };
        var model = new Option<string>("--model") { Description = "The model that estimates the quality factor: a name or a file.", Required = true };
        var quality = QualitiesOption.Create(UsualQualities);
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var markdown = new Option<bool>("--markdown") { Description = "Print a Markdown table." };
        var command = new Command("estimate", "Compress originals with JPEG and print how well a network estimates the quality factor.")
        {
            data, model, quality, json, markdown,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(markdown))
                result.AddError("give --json or --markdown, not both");
        });
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string folder = parsed.GetValue(data)!;
            if (!Directory.Exists(folder))
                throw new InvalidFileException(folder, "no such folder");
            var originals = PictureFolder.Files(folder);
            if (originals.Count == 0)
                throw new InvalidFileException(folder, "no pictures in this folder");
            var qualities = parsed.Or(quality, UsualQualities);
            var codec = JpegCodec.Instance;
            foreach (int wrong in qualities.Where(one => one < codec.MinQuality || one > codec.MaxQuality))
                throw new ArgumentException($"{codec.Name} has no quality {wrong}: {codec.MinQuality}..{codec.MaxQuality}");
            string name = parsed.GetValue(model)!;
            using var network = ModelFile.Load(ModelFinder.Find(name)).Network;
            var table = LongTask.Run(parsed, "estimating", originals.Count, step => EstimateTable.Run(originals, qualities, network, step, cancellation));
            foreach (string error in table.Errors)
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {error}");
            if (table.Rows.Count == 0)
                return ExitCodes.SomeInputsFailed;
            if (parsed.GetValue(json))
                EstimatePrinter.Json(parsed.InvocationConfiguration.Output, name, table);
            else if (parsed.GetValue(markdown))
                EstimatePrinter.Markdown(parsed.InvocationConfiguration.Output, table);
            else
                EstimatePrinter.Table(ResultConsole.For(parsed), name, table);
            return table.Errors.Count > 0 ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }));
        return command.WithLimits().WithExamples(
            "unpress estimate --data LIVE1 --model fbcnn.safetensors");
    }
}

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

using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Evaluate;

/// <summary><c>unpress evaluate --data FOLDER</c>: the table of compressed and restored quality over a set of originals.</summary>
public static class EvaluateCommand
{
    private static readonly int[] UsualQualities = [10, 20, 30, 40];

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of originals.", HelpName = "FOLDER", Required = true };
        var codec = new Option<string>("--codec") { Description = "The codec that compresses them.", DefaultValueFactory = _ => "jpeg" };
        codec.AcceptOnlyFromAmong([.. CodecList.All.Select(one => one.Name)]);
        var quality = QualitiesOption.Create(UsualQualities);
        var gray = new Option<bool>("--gray") { Description = "Convert the originals to studio-swing luma first, as papers on gray JPEG do." };
        var model = EvaluatedModel.Option();
        var facts = FactsOption.Create();
        var device = DeviceOption.Create();
        var consistent = new Option<bool>("--consistent") { Description = "Also measure the restored pictures after they were moved into the quantisation cells of their JPEG." };
        var metrics = MetricsOption.Create();
        var explain = MetricLegend.Option();
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var markdown = new Option<bool>("--markdown") { Description = "Print a Markdown table." };
        var csv =
            new Option<FileInfo?>("--csv") { Description = "Also write a CSV file with one row per picture, quality, method and metric.", HelpName = "FILE" };
        var command = new Command("evaluate", "Compress originals, restore them, and print the mean of each metric per quality.")
        {
            data, codec, quality, gray, model, facts, device, consistent, metrics, explain, json, markdown, csv,
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
            var options = new EvaluationOptions
            {
                Originals = PictureFolder.Files(folder),
                Codec = CodecList.Find(parsed.GetValue(codec)!),
                Qualities = parsed.Or(quality, UsualQualities),
                Gray = parsed.GetValue(gray),
                Consistent = parsed.GetValue(consistent) ? ConsistentRows.Beside : ConsistentRows.None,
                Metrics = parsed.GetValue(metrics) ?? MetricCatalog.Default,
            };
            if (options.Originals.Count == 0)
                throw new InvalidFileException(folder, "no pictures in this folder");
            options.Validate();
            var enhancer = EvaluatedModel.Open(parsed.GetValue(model)!, parsed.Facts(facts), parsed.GetRequiredValue(device));
            var table = LongTask.Run(parsed, "evaluating", options.Originals.Count, step => EvaluationTable.Run(
                options,
                enhancer?.Name ?? EvaluatedModel.None,
                enhancer is null ? null : image => enhancer.Enhance(image, cancellation),
                step,
                cancellation));
            foreach (string error in table.Errors)
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {error}");
            if (table.Rows.Count == 0)
                return ExitCodes.SomeInputsFailed;
            if (parsed.GetValue(json))
                EvaluatePrinter.Json(parsed.InvocationConfiguration.Output, table);
            else if (parsed.GetValue(markdown))
                EvaluatePrinter.Markdown(parsed.InvocationConfiguration.Output, table);
            else
                EvaluatePrinter.Table(ResultConsole.For(parsed), table, parsed.GetValue(explain));
            if (parsed.GetValue(csv) is { } file)
                CsvText.Write(file, EvaluatePrinter.Csv(table));
            return table.Errors.Count > 0 ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }));
        return command.WithLimits().WithExamples(
            "unpress evaluate --data LIVE1 --quality 10,20,30,40 --metrics psnr,ssim,psnr-b");
    }
}

/// <summary>A <see cref="EvaluationTable"/> as a table for people, Markdown, JSON and CSV.</summary>
internal static class EvaluatePrinter
{
    public static void Table(IAnsiConsole console, EvaluationTable results, bool explain)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(Title(results)));
        var header = Header(results);
        for (int i = 0; i < header.Count; i++)
            table.AddColumn(i == 1 ? new TableColumn(header[i]) : new TableColumn(header[i]).RightAligned());
        foreach (var row in Rows(results))
            table.AddRow([.. row.Select(text => Spectre.Console.Markup.Escape(text))]);
        console.Write(table);
        MetricLegend.Print(console, results.Options.Metrics, explain);
    }

    public static void Markdown(TextWriter writer, EvaluationTable results)
    {
        var header = Header(results);
        writer.WriteLine($"{Title(results)}\n");
        writer.WriteLine($"| {string.Join(" | ", header)} |");
        writer.WriteLine($"|{string.Concat(header.Select((_, i) => i == 1 ? " --- |" : " ---: |"))}");
        foreach (var row in Rows(results))
            writer.WriteLine($"| {string.Join(" | ", row)} |");
    }

    /// <summary>Means and every row behind them, full precision.</summary>
    public static void Json(TextWriter writer, EvaluationTable results) =>
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
    public static string Csv(EvaluationTable results)
    {
        var text = new StringBuilder("codec,quality,subsampling,method,image,metric,value\n");
        foreach (var row in results.Rows)
        {
            for (int i = 0; i < row.Values.Count; i++)
                Line(row, results.Options.Metrics[i].Name, row.Values[i]);
            Line(row, "bits-per-pixel", row.BitsPerPixel);
        }
        return text.ToString();

        void Line(EvaluationRow row, string metric, double value) => text
            .AppendJoin(',', results.Options.Codec.Name, row.Quality, Chroma(results), CsvText.Cell(row.Method),
                CsvText.Cell(row.Image), metric, CsvText.Cell(value))
            .Append('\n');
    }

    private static string Title(EvaluationTable results)
    {
        var options = results.Options;
        string colour = options.Gray ? "gray" : Chroma(results);
        var fewer = options.Metrics.Where(metric => results.Count(metric.Name) < results.Pictures)
            .Select(metric => $", {metric.Name} of {results.Count(metric.Name)}");
        return $"{CountText.Pictures(results.Pictures)}{string.Concat(fewer)}, {options.Codec.Name} ({options.Codec.Encoder}), {colour}";
    }

    private static string Chroma(EvaluationTable results) => results.Options.Subsampling switch
    {
        ChromaSubsampling.C420 => "4:2:0",
        ChromaSubsampling.C422 => "4:2:2",
        _ => "4:4:4",
    };

    private static IReadOnlyList<string> Header(EvaluationTable results) =>
        ["quality", "pictures are", "bits/pixel", .. results.Options.Metrics.Select(metric => metric.Name)];

    private static IEnumerable<IReadOnlyList<string>> Rows(EvaluationTable results) =>
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

/// <summary><c>--model</c> of <c>evaluate</c>: what restores the compressed pictures.</summary>
internal static class EvaluatedModel
{
    /// <summary>The compressed pictures are measured and nothing restores them.</summary>
    public const string None = "none";

    public static Option<string> Option() => new("--model")
    {
        Description = $"The model that restores the pictures: a name in the models folder, an .onnx or a .safetensors file; '{None}' measures only the compressed pictures.",
        DefaultValueFactory = _ => None,
    };

    /// <summary>The enhancer, or null for <see cref="None"/>.</summary>
    /// <exception cref="MissingToolException">There is no such model.</exception>
    /// <exception cref="ArgumentException">Facts for what takes none.</exception>
    public static IEnhancer? Open(string name, IReadOnlyDictionary<string, string> facts, string device)
        => name != None ? OpenNetwork(name, facts, device)
            : facts.Count == 0 ? null : throw new ArgumentException("--facts belongs to a model");

    /// <exception cref="MissingToolException">There is no such model.</exception>
    /// <exception cref="ArgumentException">The facts make no sense, or the file takes none.</exception>
    public static ModelEnhancer OpenNetwork(string name, IReadOnlyDictionary<string, string> facts, string device)
        => new(name, ModelOpener.Open(name, facts, device), new ModelEnhancerOptions { Any = true });
}

using System.CommandLine;
using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Evaluate;

/// <summary><c>unpress evaluate --data FOLDER</c>: the table of compressed and restored quality over a set of originals.</summary>
public static class EvaluateCommand
{
    private static readonly int[] UsualQualities = [10, 20, 30, 40];

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of originals", HelpName = "FOLDER", Required = true };
        var codec = new Option<string>("--codec") { Description = "What compresses them", DefaultValueFactory = _ => "jpeg" };
        codec.AcceptOnlyFromAmong([.. CodecList.All.Select(one => one.Name)]);
        var quality = QualitiesOption.Create(UsualQualities);
        var gray = new Option<bool>("--gray") { Description = "Turn originals into studio-swing luma first, as papers on gray JPEG do" };
        var model = EvaluatedModel.Option();
        var consistent = new Option<bool>("--consistent") { Description = "Also measure the restored pictures moved into the quantisation cells of their JPEG" };
        var metrics = MetricsOption.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table" };
        var markdown = new Option<bool>("--markdown") { Description = "Print a Markdown table" };
        var csv = new Option<FileInfo?>("--csv") { Description = "Write one row per picture, quality, method and metric", HelpName = "FILE" };
        var command = new Command("evaluate", "Compress originals, restore them, and print the mean of each metric per quality.")
        {
            data, codec, quality, gray, model, consistent, metrics, json, markdown, csv,
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
            var options = new RestoreTableOptions
            {
                Originals = PictureFolder.Files(folder),
                Codec = CodecList.Find(parsed.GetValue(codec)!),
                Qualities = parsed.Or(quality, UsualQualities),
                Gray = parsed.GetValue(gray),
                Consistent = parsed.GetValue(consistent),
                Metrics = parsed.GetValue(metrics) ?? MetricCatalog.Default,
            };
            if (options.Originals.Count == 0)
                throw new InvalidFileException(folder, "no pictures in this folder");
            options.Validate();
            var enhancer = EvaluatedModel.Open(parsed.GetValue(model)!);
            var table = LongTask.Run(parsed, "evaluating", options.Originals.Count, step => RestoreTable.Run(
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
                EvaluatePrinter.Table(ResultConsole.For(parsed), table);
            if (parsed.GetValue(csv) is { } file)
                CsvText.Write(file, EvaluatePrinter.Csv(table));
            return table.Errors.Count > 0 ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }));
        return command;
    }
}

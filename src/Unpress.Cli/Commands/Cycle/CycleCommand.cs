using System.CommandLine;
using Unpress.Cli.Commands.Evaluate;
using Unpress.Evaluation;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Metrics;
using Unpress.Models;
using Unpress.Networks;

namespace Unpress.Cli.Commands.Cycle;

/// <summary><c>unpress cycle IN…</c>: what repeated enhancement does to pictures.</summary>
public static class CycleCommand
{
    private static readonly int[] UsualQualities = [30, 40, 50, 60];

    public static Command Create()
    {
        var inputs = new Argument<string[]>("in") { Description = "Originals, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var codec = new Option<string>("--codec") { Description = "The codec that compresses them.", DefaultValueFactory = _ => "jpeg" };
        codec.AcceptOnlyFromAmong([.. CodecList.All.Select(one => one.Name)]);
        var quality = QualitiesOption.Create(UsualQualities);
        var cycles = NumberOption.Of("--cycles", "Number of enhancements in a row.", 5, 2, 1000);
        var gray = new Option<bool>("--gray") { Description = "Convert the originals to studio-swing luma first, as papers on gray JPEG do." };
        var model = new Option<string>("--model")
        {
            Description = "A name in the models folder, an .onnx or a .safetensors file.",
            DefaultValueFactory = _ => ModelFinder.Default,
        };
        var facts = FactsOption.Create();
        var device = DeviceOption.Create();
        var consistent = new Option<bool>("--consistent") { Description = "Move each result into the quantisation cells of the compressed picture." };
        var metrics = MetricsOption.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var csv =
            new Option<FileInfo?>("--csv") { Description = "Also write a CSV file with one row per picture, quality, cycle and metric.", HelpName = "FILE" };
        var command = new Command("cycle", "Compress originals, enhance them again and again, and print the metrics and the degradation index.")
        {
            inputs, codec, quality, cycles, gray, model, facts, device, consistent, metrics, json, csv,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var found = InputFiles.Find(parsed.GetRequiredValue(inputs), recursive: true);
            string[] faults = [.. found.Where(input => input.Fault is not null).Select(input => $"{input.Path}: {input.Fault}")];
            var options = new EvaluationOptions
            {
                Originals = [.. found.Where(input => input.Fault is null).Select(input => input.Path)],
                Codec = CodecList.Find(parsed.GetRequiredValue(codec)),
                Qualities = parsed.Or(quality, UsualQualities),
                Gray = parsed.GetValue(gray),
                Cycles = parsed.GetValue(cycles),
                Consistent = parsed.GetValue(consistent) ? ConsistentRows.Instead : ConsistentRows.None,
                Metrics = parsed.GetValue(metrics) ?? MetricCatalog.Default,
            };
            if (options.Originals.Count == 0)
                throw new InvalidFileException(found[0].Path, found[0].Fault!);
            string name = parsed.GetRequiredValue(model);
            var enhancer = EvaluatedModel.OpenNetwork(name, parsed.Facts(facts), parsed.GetRequiredValue(device));
            var table = LongTask.Run(parsed, "enhancing", options.Originals.Count, step => EvaluationTable.Run(
                options, name, image => enhancer.Enhance(image, cancellation), step, cancellation));
            foreach (string error in faults.Concat(table.Errors))
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {error}");
            if (table.Rows.Count == 0)
                return ExitCodes.SomeInputsFailed;
            if (parsed.GetValue(json))
                CyclePrinter.Json(parsed.InvocationConfiguration.Output, name, table);
            else
                CyclePrinter.Table(ResultConsole.For(parsed), name, table);
            if (parsed.GetValue(csv) is { } file)
                CsvText.Write(file, CyclePrinter.Csv(name, table));
            return faults.Length + table.Errors.Count > 0 ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }));
        return command.WithLimits().WithExamples(
            "unpress cycle LIVE1 --quality 30,40 --cycles 5 --metrics psnr");
    }
}

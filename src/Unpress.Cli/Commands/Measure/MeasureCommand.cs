using System.CommandLine;
using Unpress.Evaluation;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Measure;

/// <summary><c>unpress measure REF OUT</c>: how close pictures are to their originals.</summary>
public static class MeasureCommand
{
    public static Command Create()
    {
        var reference = new Argument<string?>("REF") { Description = "The original, or a folder of originals; left out with metrics that need none", Arity = ArgumentArity.ZeroOrOne };
        var image = new Argument<string?>("OUT") { Description = "The picture to judge, or a folder of them", Arity = ArgumentArity.ZeroOrOne };
        var metrics = MetricsOption.Create();
        var list = new Option<bool>("--list") { Description = "Print the metrics with what each computes" };
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table" };
        var csv = new Option<FileInfo?>("--csv") { Description = "Write the table to a file as well", HelpName = "FILE" };
        var command = new Command("measure", "Compare pictures with their originals (PSNR, SSIM, PSNR-B and others), or judge them alone (NIQE, BRISQUE).")
        {
            reference, image, metrics, list, json, csv,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(list) || result.GetValue(image) is not null)
                return;
            if (result.GetValue(reference) is null)
                result.AddError("measure needs two pictures or two folders: unpress measure REF OUT");
            else if ((result.GetValue(metrics) ?? MetricCatalog.Default).FirstOrDefault(metric => metric is not INoReferenceMetric) is { } needy)
                result.AddError($"{needy.Name} needs two pictures or two folders: unpress measure REF OUT");
        });
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (!parsed.GetValue(list))
                return Measure(parsed, parsed.GetValue(reference)!, parsed.GetValue(image), parsed.GetValue(metrics) ?? MetricCatalog.Default, cancellation);
            MetricListPrinter.Print(ResultConsole.For(parsed));
            return ExitCodes.Ok;
        }));
        return command;

        int Measure(ParseResult parsed, string reference, string? image, IReadOnlyList<IMetric> metrics, CancellationToken cancellation)
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var pairing = image is null ? PicturePairing.Alone(reference) : PicturePairing.Find(reference, image);
            foreach (var unmatched in pairing.Unmatched)
                error.WriteLine($"unpress: {unmatched.Path}: not measured, {unmatched.Reason}");
            if (pairing.Pairs.Count == 0)
            {
                error.WriteLine(image is null ? $"unpress: {reference}: no pictures in this folder" : $"unpress: {image}: no picture has the name of one in {reference}");
                return ExitCodes.SomeInputsFailed;
            }

            var results = LongTask.Run(parsed, "measuring", pairing.Pairs.Count,
                step => PairMeasurement.Run(pairing.Pairs, metrics, _ => step(), cancellation));
            foreach (string line in results.SelectMany(result => new[] { result.Error, result.Notice }).OfType<string>())
                error.WriteLine($"unpress: {line}");
            if (parsed.GetValue(json))
                MeasurePrinter.Json(output, metrics, results, pairing.Unmatched);
            else
                MeasurePrinter.Table(ResultConsole.For(parsed), metrics, results);
            if (parsed.GetValue(csv) is { } file)
                CsvText.Write(file, MeasurePrinter.Csv(metrics, results));
            return results.Any(result => result.Error is not null) ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }
    }
}

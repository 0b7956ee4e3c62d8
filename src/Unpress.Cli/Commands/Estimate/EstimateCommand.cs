using System.CommandLine;
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
        var data = new Option<string>("--data") { Description = "Folder of originals", HelpName = "FOLDER", Required = true };
        var model = new Option<string>("--model") { Description = "A model that tells the quality factor, by its name or file", Required = true };
        var quality = QualitiesOption.Create(UsualQualities);
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table" };
        var markdown = new Option<bool>("--markdown") { Description = "Print a Markdown table" };
        var command = new Command("estimate", "Compress originals with JPEG and print how well a network tells the quality factor.")
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
        return command;
    }
}

using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Unpress.Imaging;
using Unpress.Imaging.Colour;
using Unpress.Lab.Reports.Sheets;

namespace Unpress.Cli.Commands.Lab;

/// <summary><c>unpress lab features MODEL PICTURE</c>: what an encoder sees before and after compression, as a picture.</summary>
internal static class LabFeaturesCommand
{
    private static readonly int[] UsualQualities = [50, 30, 10];

    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A model file of an encoder: network dagn-autoencoder or encoder." };
        var picture = new Argument<string>("picture") { Description = "The original." };
        var quality = QualitiesOption.Create(UsualQualities);
        var maps = NumberOption.Of("--maps", "How many channels are shown, those first that vary most over the original.", 8, 1, 64);
        var output = new Option<string>("--output", "-o") { Description = "The picture to write.", DefaultValueFactory = _ => "features.png" };
        var command = new Command("features", "Draw the features of an original and of its JPEGs, and say how far apart they are.")
        {
            model, picture, quality, maps, output,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string file = parsed.GetRequiredValue(picture), target = parsed.GetRequiredValue(output);
            var original = ImageFile.Load(file);
            if (original.Model == ColourModel.Cmyk)
                throw new InvalidFileException(file, "is CMYK; convert it to RGB first");
            var sheet = FeatureSheet.Draw(
                parsed.GetRequiredValue(model), PixelConversion.ToEightBitColour(original), parsed.Or(quality, UsualQualities), parsed.GetValue(maps),
                cancellation);
            ImageFile.Save(sheet.Picture, target);
            parsed.InvocationConfiguration.Output.WriteLine($"How far the features of the JPEG ({sheet.Layer}) are from those of the original:");
            var table = new Table().Border(TableBorder.Simple);
            table.AddColumn(new TableColumn("QF").RightAligned()).AddColumn(new TableColumn("change, %").RightAligned());
            foreach (var (setting, change) in sheet.Changes)
                table.AddRow(setting.ToString(CultureInfo.InvariantCulture), change.ToString("F1", CultureInfo.InvariantCulture));
            ResultConsole.For(parsed).Write(table);
            parsed.InvocationConfiguration.Output.WriteLine(Printable.Of(target));
            return ExitCodes.Ok;
        }));
        return command.WithLimits().WithExamples(
            "unpress lab features runs/dagn-insensitive/model.safetensors photo.png --quality 50,10 -o features.png");
    }
}

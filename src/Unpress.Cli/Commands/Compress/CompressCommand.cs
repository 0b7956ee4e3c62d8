using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Unpress.Compression;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Cli.Commands.Compress;

/// <summary><c>unpress compress</c>: damage pictures on purpose, by a stated codec at a stated quality.</summary>
public static class CompressCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // versions have plus signs; this is not HTML
    };

    public static Command Create()
    {
        var inputs = new Argument<string[]>("in") { Description = "Pictures, or folders of pictures.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Folder for the results, or the file for the result of one picture.",
            Required = true,
        };
        var codec = new Option<string>("--codec") { Description = "The codec.", Required = true };
        codec.AcceptOnlyFromAmong([.. CodecList.All.Select(entry => entry.Name)]);
        var quality = NumberOption.Of("--quality", "In the codec's own scale, see below.", 0, 0, 1_000_000);
        quality.Aliases.Add("-q");
        quality.DefaultValueFactory = null;
        quality.Required = true;
        var subsampling =
            new Option<string?>("--subsampling") { Description = "Chroma subsampling; by default 420. webp has only 420, jp2 only 444, avif has no 422." };
        subsampling.AcceptOnlyFromAmong("420", "422", "444");
        var gray = new Option<bool>("--gray") { Description = "Compress the luma only." };
        var keep = new Option<string>("--keep")
        {
            Description = "Write the codec's own file, the decoded picture as PNG, or both.",
            DefaultValueFactory = _ => "bitstream",
        };
        keep.AcceptOnlyFromAmong("bitstream", "decoded", "both");
        var recursive = new Option<bool>("--recursive", "-r") { Description = "Include subfolders; the results get the same subfolders." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace results that are there already." };
        var json = new Option<bool>("--json") { Description = "Print the results as JSON." };

        var command = new Command("compress", "Compress pictures with a codec at a fixed quality.")
        {
            inputs, output, codec, quality, subsampling, gray, keep, recursive, overwrite, json,
        };
        // On another thread: Ctrl-C is heard only once the action has returned its task.
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        string[] scales =
        [
            .. CodecList.All.SelectMany(entry => new[]
            {
                $"{entry.Name,-5} {entry.QualityName}", $"      {entry.QualityExamples ?? "not measured"}",
            }),
        ];
        return command.WithLimits().WithSection("Qualities, and about the PSNR that they leave of photographs:", scales).WithExamples(
            "unpress compress photo.png -o photo.jpg --codec jpeg --quality 10",
            "unpress compress photos -o damaged --codec hevc --quality 37 --keep both # bitstreams, and what they decode to");

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            var options = new CompressOptions
            {
                Codec = CodecList.Find(parsed.GetRequiredValue(codec)),
                Quality = parsed.GetRequiredValue(quality),
                Subsampling = parsed.GetValue(subsampling) is { } chroma ? Enum.Parse<ChromaSubsampling>("C" + chroma) : null,
                Gray = parsed.GetValue(gray),
                Keep = Enum.Parse<Keep>(parsed.GetRequiredValue(keep), ignoreCase: true),
                Overwrite = parsed.GetValue(overwrite),
            };
            var job = new CompressJob(parsed.GetRequiredValue(inputs), parsed.GetValue(recursive), parsed.GetRequiredValue(output), options);
            var result = LongTask.Run(parsed, "compressing", job.Count, step => job.Run(step, cancellation));
            if (parsed.GetValue(json))
                parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(result, Json));
            else
                CompressView.Print(result, ResultConsole.For(parsed));
            foreach (var picture in result.Pictures.Where(picture => picture.Note is not null))
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {Printable.Of(picture.Input)}: {picture.Note}");
            foreach (var failure in result.Failures)
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {failure}");
            return result.Failures.Count == 0 ? ExitCodes.Ok : ExitCodes.SomeInputsFailed;
        }
    }
}

/// <summary>A <see cref="CompressResult"/> for people.</summary>
internal static class CompressView
{
    public static void Print(CompressResult result, IAnsiConsole console)
    {
        if (result.Pictures.Count == 0)
            return;
        var grid = new Grid();
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 3, 0) });
        for (int i = 0; i < 3; i++)
            grid.AddColumn(new GridColumn { Alignment = Justify.Right, NoWrap = true, Padding = new Padding(0, 0, 3, 0) });
        grid.AddRow("[grey]Picture[/]", "[grey]Size[/]", "[grey]Bytes[/]", "[grey]Bits per pixel[/]");
        foreach (var picture in result.Pictures)
        {
            string name = Markup.Escape(picture.Bitstream ?? picture.Decoded ?? picture.Input);
            grid.AddRow(name, $"{picture.Width}x{picture.Height}", Number(picture.Bytes), BitsPerPixel(picture.BitsPerPixel));
        }

        if (result.Pictures.Count > 1)
        {
            string mean = BitsPerPixel(result.Pictures.Average(picture => picture.BitsPerPixel));
            grid.AddRow("[bold]Sum, and mean[/]", "", Number(result.Pictures.Sum(picture => picture.Bytes)), mean);
        }

        console.Write(grid);
        var first = result.Pictures[0];
        console.MarkupLineInterpolated($"[grey]{first.Codec} at {first.Quality}, encoder {first.Encoder}[/]");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string BitsPerPixel(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}

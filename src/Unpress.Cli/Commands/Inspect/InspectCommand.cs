using System.CommandLine;
using System.Text.Json;
using Unpress.Consistency;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Jpeg;
using Unpress.Provenance;

namespace Unpress.Cli.Commands.Inspect;

/// <summary><c>unpress inspect FILE…</c>: what files say of themselves, and what their pixels say.</summary>
public static class InspectCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("in") { Description = "Pictures, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var recursive = new Option<bool>("--recursive", "-r") { Description = "Look into the folders below as well" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line" };
        var command =
            new Command("inspect", "Say how pictures were compressed, once or several times, and what else their files hold.") { inputs, recursive, json };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            bool failed = false;
            foreach (var input in InputFiles.Find(parsed.GetRequiredValue(inputs), parsed.GetValue(recursive)))
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    if (input.Fault is not null)
                        throw new InvalidFileException(input.Path, input.Fault);
                    var picture = Inspection.Of(ImageFile.Load(input.Path));
                    foreach (string line in parsed.GetValue(json) ? [picture.Json(input.Path)] : picture.Lines(input.Path))
                        parsed.InvocationConfiguration.Output.WriteLine(Printable.Of(line));
                }
                catch (Exception error) when (UnpressException.Line(error) is { } line)
                {
                    parsed.InvocationConfiguration.Error.WriteLine($"unpress: {Printable.Of(line)}");
                    failed = true;
                }
            }

            return failed ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }));
        return command.WithLimits().WithExamples(
            "unpress inspect photo.jpg",
            "unpress inspect album -r --json");
    }
}

/// <summary>What is known of a picture without restoring it.</summary>
internal sealed record Inspection(ImageBuffer Picture, EarlierSave? Earlier)
{
    public static Inspection Of(ImageBuffer picture) => new(picture, EarlierSave.Find(picture));

    public IEnumerable<string> Lines(string path)
    {
        var data = Picture.Metadata;
        yield return $"{path}: {PictureText.Of(data.SourceFormat, Picture.Width, Picture.Height, data.Jpeg)}{Depth}";
        if (Earlier is not null)
            yield return $"  {Earlier}";
        if (ProvenanceNote.Find(data) is { } note)
            yield return $"  enhanced already: {note}";
        string[] held = [.. Held];
        if (held.Length > 0)
            yield return $"  holds {string.Join(", ", held)}";
        foreach (string left in data.LeftOut)
            yield return $"  {left}";
        if (data.Jpeg is not null && ConsistentPicture.Obstacle(data.Jpeg) is { } obstacle)
            yield return $"  no proof is possible (--consistent): {obstacle}";
    }

    public string Json(string path)
    {
        var data = Picture.Metadata;
        return JsonSerializer.Serialize(
            new
            {
                input = path,
                format = data.SourceFormat,
                width = Picture.Width,
                height = Picture.Height,
                colours = Picture.Model.ToString().ToLowerInvariant(),
                alpha = Picture.HasAlpha,
                bits = data.StoredBits > 0 ? data.StoredBits : Picture.BitsPerSample,
                jpeg = data.Jpeg is { } jpeg
                    ? new { quality = jpeg.Quality.Quality, exact = jpeg.Quality.IsExact, subsampling = jpeg.SubsamplingText, progressive = jpeg.IsProgressive }
                    : null,
                earlier = Earlier is null ? null : new { quality = Earlier.Quality, x = Earlier.X, y = Earlier.Y },
                enhanced = ProvenanceNote.Find(data)?.ToString(),
                holds = Held,
                leftOut = data.LeftOut,
            },
            Options);
    }

    private static readonly JsonSerializerOptions Options = new(JsonText.Options) { WriteIndented = false };

    private string Depth => Picture.BitsPerSample == 16
        ? $", {(Picture.Metadata.StoredBits > 0 ? Picture.Metadata.StoredBits : 16)} bits"
        : "";

    private IEnumerable<string> Held
    {
        get
        {
            var data = Picture.Metadata;
            return new[]
            {
                Picture.HasAlpha ? "transparency" : null,
                data.Icc is null ? null : "a colour profile",
                data.Exif is null ? null : "EXIF",
                data.Xmp is null ? null : "XMP",
                data.Iptc is null ? null : "IPTC",
                data.Comments.Count > 0 ? "a comment" : null,
                data.PngChunks.Any(chunk => chunk.Keyword.Length > 0) ? "texts" : null,
            }.OfType<string>();
        }
    }
}

/// <summary>Format, size and compression of a picture in a few words: "JPEG 768x512, QF 30, 4:2:0".</summary>
internal static class PictureText
{
    public static string Of(string? format, int width, int height, JpegAnatomy? jpeg)
    {
        string size = $"{width}x{height}";
        if (jpeg is null)
            return $"{(format is null ? "picture" : ImageFormats.Label(format))} {size}";
        string quality = $"{(jpeg.Quality.IsExact ? "QF" : "QF about")} {jpeg.Quality.Quality}";
        return $"JPEG {size}, {quality}, {jpeg.SubsamplingText}{(jpeg.IsProgressive ? ", progressive" : "")}";
    }
}

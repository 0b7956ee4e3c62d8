using Unpress.Imaging.Codecs;
using Unpress.Imaging.Codecs.Hevc;
using Unpress.Imaging.Processes;
using static Unpress.Imaging.Tests.Codecs.TestPictures;

namespace Unpress.Imaging.Tests.Codecs.Hevc;

/// <summary>
/// The conversation with bpgenc and bpgdec, held with stand-ins that speak their command line: the "encoder" stores the PNG it was
/// given after the BPG signature, the "decoder" lets ffmpeg turn that PNG into a PPM.
/// </summary>
public sealed class BpgToolsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolTheory("ffmpeg")]
    [InlineData(17, 13, ColourModel.Rgb)]
    [InlineData(1, 1, ColourModel.Gray)]
    public void Pixels_pass_through_unchanged_and_nothing_stays_behind(int width, int height, ColourModel model)
    {
        var tools = new BpgTools(FakeEncoder("jctvc, x265, default = x265"), FakeDecoder());
        var image = Make(width, height, model);
        byte[] bytes = tools.Encode(image, new CodecSettings(37, ChromaSubsampling.C444), CancellationToken.None);
        Assert.True(BpgTools.Recognizes(bytes));
        Assert.Equal(image.Data, tools.Decode(bytes, CancellationToken.None).Data);
        string[] words = File.ReadAllText(Path.Combine(_folder, "arguments")).Split(' ', StringSplitOptions.TrimEntries);
        Assert.Equal(["-e", "jctvc", "-b", "8", "-c", "ycbcr", "-f", "444", "-q", "37", "-o"], words[..^2]);
        Assert.False(Directory.Exists(Path.GetDirectoryName(words[^1])));
    }

    [ToolFact("sh")]
    public void The_encoder_is_named_with_its_kind()
    {
        Assert.Equal("bpgenc 0.9.8 (jctvc)", new BpgTools(FakeEncoder("x265, jctvc, default = x265"), "unused").Encoder);
        string stock = new BpgTools(FakeEncoder("x265, default = x265"), "unused").Encoder;
        Assert.Contains("3 QP below", stock, StringComparison.Ordinal);
    }

    [ToolFact("sh")]
    public void A_failing_encoder_is_an_error_with_its_own_words()
    {
        var tools = new BpgTools(Script("bpgenc-bad", "echo 'Could not read' >&2; exit 1"), "unused");
        var error = Assert.Throws<ProcessFailedException>(() => tools.Encode(Make(4, 4), new CodecSettings(30), CancellationToken.None));
        Assert.Contains("Could not read", error.Message, StringComparison.Ordinal);
    }

    private string FakeEncoder(string encoders) => Script("bpgenc", $"""
        if [ "$1" = -h ]; then
          echo "BPG Image Encoder version 0.9.8"; echo "-e encoder           select the HEVC encoder ({encoders})"; exit 1
        fi
        echo "$@" > "$(dirname "$0")/arguments"
        while [ $# -gt 1 ]; do if [ "$1" = -o ]; then out="$2"; fi; shift; done
        (printf 'BPG\373'; cat "$1") > "$out"
        """);

    // PGM or PPM as the PNG is gray or RGB, as bpgdec does.
    private string FakeDecoder() => Script("bpgdec", """
        tail -c +5 "$3" > "$3.png"
        case $(ffprobe -v error -show_entries stream=pix_fmt -of csv=p=0 "$3.png") in gray) kind=pgm;; *) kind=ppm;; esac
        ffmpeg -loglevel error -i "$3.png" -f image2 -c:v $kind -update 1 "$2"
        """);

    private string Script(string name, string body)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}

using System.Text.Json;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Cli.Tests.Commands;

public sealed class InspectCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-inspect-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_picture_that_was_saved_twice_says_so()
    {
        string path = SavedTwice();
        string[] lines = CommandLine.Run("inspect", path).Output.Split('\n');
        Assert.Equal($"{path}: JPEG 160x152, QF 95, 4:2:0", lines[0]);
        Assert.Matches("^  saved before at about QF (1[89]|2[012]), then moved by 0, 8$|^  saved before at about QF (1[89]|2[012])$", lines[1]);
        JsonElement said = JsonDocument.Parse(CommandLine.Run("inspect", path, "--json").Output).RootElement;
        Assert.Equal(95, said.GetProperty("jpeg").GetProperty("quality").GetInt32());
        Assert.InRange(said.GetProperty("earlier").GetProperty("quality").GetInt32(), 18, 22);
    }

    [Fact]
    public void What_cannot_be_read_is_a_line_and_the_others_go_on()
    {
        string path = SavedTwice();
        File.WriteAllText(Path.Combine(_folder, "a.jpg"), "no picture");
        CommandLineResult result = CommandLine.Run("inspect", _folder);
        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode);
        Assert.Contains("a.jpg: not a picture", result.Error, StringComparison.Ordinal);
        Assert.StartsWith(path, result.Output, StringComparison.Ordinal);
    }

    private string SavedTwice()
    {
        var random = new Random(1);
        var picture = new ImageBuffer(160, 160, ColourModel.Rgb);
        for (int y = 0; y < 160; y++)
            for (int x = 0; x < 160; x++)
                for (int band = 0; band < 3; band++)
                {
                    double value = 128 + (60 * Math.Sin((x / 7.0) + (y / 23.0))) + (40 * Math.Cos((y / 5.0) - (x / 31.0))) + random.Next(-20, 21);
                    picture.Data[(((y * 160) + x) * 3) + band] = (byte)Math.Clamp(value, 0, 255);
                }

        var once = ImageFile.Load(JpegCodec.Instance.Encode(picture, new CodecSettings(20)).Bytes, "once.jpg");
        var cut = new ImageBuffer(160, 152, ColourModel.Rgb, data: once.Data[(8 * 160 * 3)..]);
        string path = Path.Combine(_folder, "twice.jpg");
        File.WriteAllBytes(path, JpegCodec.Instance.Encode(cut, new CodecSettings(95)).Bytes);
        return path;
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using Unpress.Compression;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Cli.Tests.Commands;

public sealed class CompressCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public CompressCommandTests()
    {
        Save("in/a.png", 40, 30, ColourModel.Rgb);
        Save("in/below/b.png", 17, 13, ColourModel.Gray);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void One_picture_becomes_the_codecs_own_file()
    {
        var result = CommandLine.Run("compress", In("in/a.png"), "-o", In("new/a.jpg"), "--codec", "jpeg", "--quality", "10");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var expected = JpegCodec.Instance.Encode(ImageFile.Load(In("in/a.png")), new CodecSettings(10));
        Assert.Equal(expected.Bytes, File.ReadAllBytes(In("new/a.jpg")));
        Assert.Contains(expected.Bytes.Length.ToString(), result.Output, StringComparison.Ordinal);
        Assert.Contains(expected.BitsPerPixel.ToString("F3"), result.Output, StringComparison.Ordinal);
        Assert.Contains("libjpeg", result.Output, StringComparison.Ordinal);
        Assert.Equal(["a.jpg"], Names("new"));
    }

    [Fact]
    public void A_folder_is_mirrored_and_described_by_a_manifest()
    {
        var result = CommandLine.Run("compress", In("in"), "-r", "-o", In("out"), "--codec", "webp", "-q", "30", "--keep", "both");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["a.png", "a.webp", "below/b.png", "below/b.webp", "compress.json"], Names("out"));
        var entries = CompressManifest.Read(In("out"));
        Assert.Equal(["a.webp", "below/b.webp"], entries.Select(entry => entry.Bitstream));
        foreach (var entry in entries)
        {
            byte[] file = File.ReadAllBytes(In("out/" + entry.Bitstream));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), entry.Sha256);
            Assert.Equal((file.Length, file.Length * 8.0 / (entry.Width * entry.Height)), (entry.Bytes, entry.BitsPerPixel));
            Assert.Equal(("webp", 30, In("out") + "/" + entry.Decoded), (entry.Codec, entry.Quality, In("out/" + entry.Decoded)));
            var pixels = ImageFile.Load(In("out/" + entry.Decoded));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(pixels.Data)), entry.DecodedPixelsSha256);
        }

        Assert.Equal(ColourModel.Gray, ImageFile.Load(In("out/below/b.png")).Model);
        Assert.Null(entries[1].Subsampling);
    }

    [Fact]
    public void The_same_command_gives_the_same_files_and_a_later_one_adds_to_the_manifest()
    {
        string[] command = ["compress", In("in"), "-r", "--codec", "jpeg", "-q", "50", "-o"];
        CommandLine.Run([.. command, In("one")]);
        CommandLine.Run([.. command, In("two")]);
        foreach (string name in Names("one"))
            Assert.Equal(File.ReadAllBytes(In("one/" + name)), File.ReadAllBytes(In("two/" + name)));
        Assert.Equal(0, CommandLine.Run("compress", In("in/a.png"), "-o", In("one"), "--codec", "webp", "-q", "50").ExitCode);
        Assert.Equal(["a.jpg", "a.webp", "below/b.jpg"], CompressManifest.Read(In("one")).Select(entry => entry.Bitstream));
    }

    [Fact]
    public void Gray_keeps_the_luma_and_decoded_writes_png_only()
    {
        var result = CommandLine.Run(
            "compress", In("in/a.png"), "-o", In("out"), "--codec", "jpeg", "-q", "100", "--gray", "--keep", "decoded", "--json");
        Assert.Equal(["a.png", "compress.json"], Names("out"));
        ImageBuffer gray = ImageFile.Load(In("out/a.png")), original = ImageFile.Load(In("in/a.png"));
        Assert.Equal(ColourModel.Gray, gray.Model);
        double luma = (0.299 * original.Sample(5, 5, 0)) + (0.587 * original.Sample(5, 5, 1)) + (0.114 * original.Sample(5, 5, 2));
        Assert.Equal(luma, gray.Sample(5, 5, 0), 2.0);
        var json = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal("a.png", json.GetProperty("pictures")[0].GetProperty("decoded").GetString());
        Assert.Equal(0, json.GetProperty("failures").GetArrayLength());
    }

    [Fact]
    public void Bad_inputs_get_a_line_each_and_the_rest_goes_on()
    {
        File.WriteAllText(In("in/text.png"), "not a picture");
        File.WriteAllBytes(In("in/cut.png"), File.ReadAllBytes(In("in/a.png"))[..60]);
        File.WriteAllBytes(In("in/empty.jpg"), []);
        var result = CommandLine.Run("compress", In("in"), In("nowhere"), "-o", In("out"), "--codec", "jpeg", "-q", "50");
        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode);
        string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        foreach (string name in new[] { "in/text.png", "in/cut.png", "in/empty.jpg", "nowhere" })
            Assert.Single(lines, line => line.Contains(In(name) + ": ", StringComparison.Ordinal));
        Assert.Equal(["a.jpg", "compress.json"], Names("out"));
    }

    [Fact]
    public void Nothing_is_overwritten_unless_asked_and_the_input_never()
    {
        string[] command = ["compress", In("in/a.png"), "-o", In("out"), "--codec", "jpeg", "-q"];
        CommandLine.Run([.. command, "20"]);
        byte[] first = File.ReadAllBytes(In("out/a.jpg"));
        var second = CommandLine.Run([.. command, "90"]);
        Assert.Equal(ExitCodes.SomeInputsFailed, second.ExitCode);
        Assert.Contains("--overwrite replaces it", second.Error, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllBytes(In("out/a.jpg")));
        Assert.Equal(0, CommandLine.Run([.. command, "90", "--overwrite"]).ExitCode);
        Assert.NotEqual(first, File.ReadAllBytes(In("out/a.jpg")));

        byte[] original = File.ReadAllBytes(In("in/a.png"));
        var onto = CommandLine.Run("compress", In("in/a.png"), "-o", In("in"), "--codec", "jpeg", "-q", "20", "--keep", "both", "--overwrite");
        Assert.Equal(ExitCodes.SomeInputsFailed, onto.ExitCode);
        Assert.Equal(original, File.ReadAllBytes(In("in/a.png")));
        Assert.False(File.Exists(In("in/a.jpg")));
    }

    [Fact]
    public void Two_inputs_with_one_output_name_are_told_apart()
    {
        ImageFile.Save(ImageFile.Load(In("in/a.png")), In("in/a.webp"));
        var result = CommandLine.Run("compress", In("in"), "-o", In("out"), "--codec", "jpeg", "-q", "20");
        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode);
        Assert.Contains("a.webp: its result would have the name of that of", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(In("out/a.jpg")));
    }

    [Theory]
    [InlineData("jpeg", "0", "QF (1-100, higher is better)")]
    [InlineData("hevc", "52", "QP (0-51, lower is better)")]
    [InlineData("webp", "101", "quality (0-100, higher is better)")]
    public void Quality_outside_the_range_is_misuse_and_names_range_and_direction(string codec, string quality, string scale)
    {
        var result = CommandLine.Run("compress", In("in/a.png"), "-o", In("out"), "--codec", codec, "-q", quality);
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains(scale, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("out")));
    }

    [Theory]
    [InlineData("--codec", "gif", "-q", "5")]
    [InlineData("--codec", "webp", "-q", "5", "--subsampling", "444")]
    [InlineData("--codec", "jpeg", "-q", "five")]
    [InlineData("--codec", "jpeg")]
    public void Requests_that_make_no_sense_are_misuse(params string[] request)
    {
        var result = CommandLine.Run(["compress", In("in/a.png"), "-o", In("out"), .. request]);
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.NotEmpty(result.Error);
    }

    [Fact]
    public void An_output_file_with_another_formats_extension_is_misuse()
    {
        var result = CommandLine.Run("compress", In("in/a.png"), "-o", In("a.webp"), "--codec", "jpeg", "-q", "20");
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains(".jpg", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Transparent_pictures_are_refused_and_opaque_alpha_is_no_matter()
    {
        var image = new ImageBuffer(4, 4, ColourModel.Rgb, hasAlpha: true);
        image.Data.AsSpan().Fill(255);
        ImageFile.Save(image, In("opaque.png"));
        image.Data[3] = 7;
        ImageFile.Save(image, In("clear.png"));
        Assert.Equal(0, CommandLine.Run("compress", In("opaque.png"), "-o", In("out"), "--codec", "jpeg", "-q", "20").ExitCode);
        var result = CommandLine.Run("compress", In("clear.png"), "-o", In("out"), "--codec", "jpeg", "-q", "20");
        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode);
        Assert.Contains("transparent", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_is_something_else_is_not_destroyed()
    {
        Directory.CreateDirectory(In("out"));
        File.WriteAllText(In("out/compress.json"), "my notes");
        var result = CommandLine.Run("compress", In("in"), "-o", In("out"), "--codec", "jpeg", "-q", "20");
        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode);
        Assert.Equal("my notes", File.ReadAllText(In("out/compress.json")));
        Assert.Equal(["compress.json"], Names("out"));
    }

    [Fact]
    public void A_cancelled_job_leaves_whole_files_only()
    {
        using var cancel = new CancellationTokenSource();
        for (int i = 0; i < 40; i++)
            Save($"many/{i:00}.png", 64, 64, ColourModel.Rgb);
        var job = new CompressJob([In("many")], recursive: false, In("out"), new CompressOptions { Codec = JpegCodec.Instance, Quality = 50 });
        Assert.ThrowsAny<OperationCanceledException>(() => job.Run(cancel.Cancel, cancel.Token));
        string[] names = Names("out");
        Assert.InRange(names.Length, 2, 39);
        Assert.Equal(names.Where(name => name != "compress.json"), CompressManifest.Read(In("out")).Select(entry => entry.Bitstream));
        foreach (string name in names.Where(name => name != "compress.json"))
            Assert.Equal(64, ImageFile.Load(In("out/" + name)).Width);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(In(folder), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => Path.GetRelativePath(In(folder), path)).Order(StringComparer.Ordinal)];

    private void Save(string name, int width, int height, ColourModel model)
    {
        var image = new ImageBuffer(width, height, model);
        for (int i = 0; i < image.Data.Length; i++)
            image.Data[i] = (byte)(128 + (90 * Math.Sin(i / 7.0)) + (i / image.Bands % width));
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        ImageFile.Save(image, In(name));
    }
}

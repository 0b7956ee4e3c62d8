using System.Text.Json;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Networks;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Tests.Enhance;

/// <summary>With an untrained network, which returns its input: what is tested is everything around it.</summary>
public sealed class EnhanceCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;
    private readonly string _model;

    public EnhanceCommandTests()
    {
        _model = At("model.safetensors");
        using var network = new UnpressNet(new UnpressNetOptions { Width = 4, Blocks = [0, 0, 0] });
        var options = new System.Text.Json.Nodes.JsonObject { ["width"] = 4, ["blocks"] = new System.Text.Json.Nodes.JsonArray(0, 0, 0) };
        ModelFile.Save(_model, UnpressNet.Entry, options, network.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_photo_gets_its_result_beside_it_and_a_line_that_says_what_was_found()
    {
        string photo = Jpeg("photo.jpg");
        var result = Enhance(photo);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("QF 30, 4:2:0", result.Output, StringComparison.Ordinal);
        Assert.Contains("MP/s", result.Output, StringComparison.Ordinal);
        Assert.Equal(ImageFile.Load(photo).Data, ImageFile.Load(At("photo.unpress.png")).Data);
    }

    [Fact]
    public void What_the_result_does_not_have_is_said()
    {
        byte[] bytes = File.ReadAllBytes(Jpeg("plain.jpg"));
        File.WriteAllBytes(At("stereo.jpg"), [.. bytes, .. bytes]);
        const string note = "only the first of 2 pictures is taken";
        Assert.DoesNotContain(note, Enhance(At("plain.jpg")).Output, StringComparison.Ordinal);
        Assert.Contains("  " + note, Enhance(At("stereo.jpg")).Output, StringComparison.Ordinal);
        Assert.Contains($"\"note\":\"{note}\"", Enhance(At("stereo.jpg"), "--overwrite", "--json").Output, StringComparison.Ordinal);
        for (int i = 0; i < 8; i++)
            Jpeg($"many/{i}.jpg");
        File.WriteAllBytes(At("many/stereo.jpg"), [.. bytes, .. bytes]);
        Assert.Contains(
            $"without all that their files hold (-v says what): {At("many/stereo.jpg")}\n", Enhance(At("many"), "-o", At("out")).Output,
            StringComparison.Ordinal);
        Assert.Contains("\"lacking\":1,", Enhance(At("many"), "-o", At("out2"), "--json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_other_kinds_are_counted_and_notes_of_other_programs_are_not()
    {
        Jpeg("in/a.jpg");
        foreach (string name in (string[])["a.gif", "b.GIF", "c.tga", "a.xmp", "Thumbs.db", ".hidden", "a.unpress.compare.html"])
            File.WriteAllText(At($"in/{name}"), "");
        const string said = "3 files passed over, not of a kind that is read: 2 gif, 1 tga";
        Assert.EndsWith($"{said}\n", Enhance(At("in"), "-o", At("out")).Output, StringComparison.Ordinal);
        Assert.Contains(said, Enhance(At("in"), "-o", At("out"), "--dry-run").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("passed over", Enhance(At("in"), "-o", At("out"), "--exclude", "*.{gif,tga}").Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_pipe_without_a_place_for_its_result_is_refused_before_it_is_read()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using (var make = System.Diagnostics.Process.Start("mkfifo", [At("pipe")]))
            make.WaitForExit();
        var result = Enhance(At("pipe"));
        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"unpress: {At("pipe")} is a pipe, and beside it is no place for a result: name one with -o, such as -o result.png\n", result.Error);
        Assert.Contains("write -o - for standard output", Enhance(Jpeg("a.jpg"), "-o", "/dev/stdout").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_replaced_unless_asked()
    {
        string photo = Jpeg("photo.jpg");
        File.WriteAllText(At("photo.unpress.png"), "mine");
        var refused = Enhance(photo);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--overwrite", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(At("photo.unpress.png")));
        Assert.Equal(0, Enhance(photo, "--overwrite").ExitCode);
        Assert.True(new FileInfo(At("photo.unpress.png")).Length > 100);
    }

    [Fact]
    public void A_tree_is_mirrored_junk_passed_over_and_names_kept_apart()
    {
        Jpeg("in/a.jpg");
        Jpeg("in/below/a.jpg");
        ImageFile.Save(Picture(), At("in/below/a.png"));
        File.WriteAllText(At("in/notes.txt"), "junk");
        Jpeg("in/named-wrong.txt");
        var result = Enhance(At("in"), "-r", "-o", At("out"));
        Assert.Equal("", result.Error);
        Assert.Equal(
            ["a.png", "below/a.jpg.png", "below/a.png.png", "named-wrong.png"],
            Directory.EnumerateFiles(At("out"), "*.png", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(At("out"), file))
                .Order(StringComparer.Ordinal));
        Assert.Contains("4 of 4", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_inputs_get_one_line_each_and_the_good_one_is_done()
    {
        string good = Jpeg("good.jpg");
        byte[] bytes = File.ReadAllBytes(good);
        File.WriteAllBytes(At("cut.jpg"), bytes[..(bytes.Length / 2)]);
        File.WriteAllBytes(At("empty.jpg"), []);
        File.WriteAllText(At("text.jpg"), "this is no picture, whatever its name says");
        byte[] bomb = [.. bytes];
        int frame = bomb.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (bomb[frame + 5], bomb[frame + 6], bomb[frame + 7], bomb[frame + 8]) = (0xFA, 0xFA, 0xFA, 0xFA); // 64,250 x 64,250
        File.WriteAllBytes(At("bomb.jpg"), bomb);
        string[] bad = [At("cut.jpg"), At("empty.jpg"), At("text.jpg"), At("bomb.jpg"), At("missing.jpg")];
        var result = Enhance([.. bad, good, "-o", At("out/")]);
        Assert.Equal(1, result.ExitCode);
        string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(bad.Length, lines.Length);
        Assert.All(bad.Zip(lines), pair => Assert.StartsWith($"unpress: {pair.First}: ", pair.Second, StringComparison.Ordinal));
        Assert.Equal([At("out/.unpress-journal.jsonl"), At("out/good.png")], Directory.GetFileSystemEntries(At("out")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_one_line()
    {
        string photo = Jpeg("photo.jpg");
        var result = Enhance(photo, "-o", Path.Combine(photo, "result.png"));
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_missing_model_is_a_matter_of_the_environment()
    {
        var result = CommandLine.Run("enhance", Jpeg("photo.jpg"), "--model", "no-such-model");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("no-such-model", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--strength", "101")]
    [InlineData("--memory", "much")]
    [InlineData("--precision", "fp8")]
    [InlineData("--quality", "0")]
    [InlineData("--threads", "0")]
    public void An_option_out_of_range_is_a_usage_error(string option, string value) =>
        Assert.Equal(2, Enhance(Jpeg("photo.jpg"), option, value).ExitCode);

    [Fact]
    public void Events_are_one_json_object_a_line_with_the_gain()
    {
        string photo = Jpeg("photo.jpg");
        ImageFile.Save(Picture(), At("original.png"));
        var result = Enhance(photo, "--json", "--reference", At("original.png"), "-o", At("result.webp"));
        Assert.Equal("", result.Error);
        JsonElement[] events = EventsOf(result);
        Assert.Equal(["start", "progress", "file", "end"], events.Select(e => e.GetProperty("event").GetString()));
        Assert.Equal(30, events[2].GetProperty("jpegQuality").GetInt32());
        var gain = events[2].GetProperty("gain");
        Assert.Equal(gain.GetProperty("psnrBefore").GetDouble(), gain.GetProperty("psnrAfter").GetDouble(), 6);
        Assert.InRange(gain.GetProperty("psnrBefore").GetDouble(), 20, 60);
        Assert.Equal("webp", ImageFile.Load(At("result.webp")).Metadata.SourceFormat);
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".webp")]
    [InlineData(".tif")]
    [InlineData(".heic")]
    public void A_result_is_left_alone_unless_asked_again(string extension)
    {
        string photo = Jpeg("photo.jpg"), once = At("once" + extension), twice = At("twice.png");
        Assert.Equal("", Enhance(photo, "-o", once).Error);
        var left = Enhance(once, "-o", twice);
        Assert.Equal(0, left.ExitCode);
        Assert.Contains("enhanced already (unpress", left.Output, StringComparison.Ordinal);
        Assert.Contains("--again", left.Output, StringComparison.Ordinal);
        Assert.Equal(ImageFile.Load(once).Data, ImageFile.Load(twice).Data); // as it is, where it was wanted
        Assert.Equal(0, Enhance(once, "-o", At("thrice.png"), "--again").ExitCode);
        Assert.True(File.Exists(At("thrice.png")));
        Assert.Equal(0, Enhance(once).ExitCode);
        Assert.False(File.Exists(At("once.unpress.png")));
    }

    [Fact]
    public void A_result_has_the_date_of_its_picture_unless_told_otherwise()
    {
        string photo = Jpeg("photo.jpg");
        var taken = new DateTime(2009, 5, 17, 12, 30, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(photo, taken);
        Assert.Equal(0, Enhance(photo).ExitCode);
        Assert.Equal(taken, File.GetLastWriteTimeUtc(At("photo.unpress.png")));
        Assert.Equal(0, Enhance(photo, "--dates", "new", "--overwrite").ExitCode);
        Assert.True(File.GetLastWriteTimeUtc(At("photo.unpress.png")) > taken.AddYears(10));
    }

    [Fact]
    public void Formats_are_called_as_files_end()
    {
        string photo = Jpeg("photo.jpg");
        Assert.Equal(0, Enhance(photo, "--format", "jpg").ExitCode);
        Assert.Equal("jpeg", ImageFile.Load(At("photo.unpress.jpg")).Metadata.SourceFormat);
    }

    [Fact]
    public void A_folder_done_before_is_skipped_and_not_failed()
    {
        string folder = Path.GetDirectoryName(Jpeg("in/photo.jpg"))!, output = At("out");
        Assert.Equal(0, Enhance(folder, "-o", output).ExitCode);
        var again = Enhance(folder, "-o", output, "--json");
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Contains("\"event\":\"skipped\"", again.Output, StringComparison.Ordinal);
        Assert.Contains("\"skipped\":1,\"failed\":0", again.Output, StringComparison.Ordinal);
        // One picture by its name was wanted, and cannot be had.
        Assert.Equal(1, Enhance(Path.Combine(folder, "photo.jpg"), "-o", Path.Combine(output, "photo.png")).ExitCode);
    }

    [Fact]
    public void Two_pictures_that_would_become_one_file_are_refused_before_anything_starts()
    {
        string first = Jpeg("a/photo.jpg"), second = Jpeg("b/photo.jpg");
        var result = Enhance(first, second, "-o", At("out"), "--overwrite");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("would both become", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void A_result_that_was_compressed_again_is_said_to_have_changed()
    {
        string photo = Jpeg("photo.jpg"), once = At("once.jpg"), passedOn = At("passed-on.jpg");
        Assert.Equal(0, Enhance(photo, "-o", once).ExitCode);
        ImageFile.Save(ImageFile.Load(once), passedOn, new SaveOptions { Quality = 40 });
        var result = Enhance(At("once.jpg"), passedOn, photo, "--json", "-o", At("out/"));
        JsonElement[] events = EventsOf(result);
        Assert.Equal(["start", "left", "left", "progress", "file", "end"], events.Select(e => e.GetProperty("event").GetString()));
        Assert.DoesNotContain("changed since", events[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("changed since", events[2].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, 2, 0), (events[5].GetProperty("done").GetInt32(), events[5].GetProperty("left").GetInt32(),
            events[5].GetProperty("failed").GetInt32()));
    }

    [Fact]
    public void Without_metadata_there_is_no_note()
    {
        string photo = Jpeg("photo.jpg"), once = At("once.png");
        Assert.Equal(0, Enhance(photo, "-o", once, "--metadata", "none").ExitCode);
        Assert.Equal(0, Enhance(once, "-o", At("twice.png")).ExitCode);
        Assert.True(File.Exists(At("twice.png")));
    }

    [Fact]
    public void A_consistent_result_has_its_certificate_and_other_pictures_a_line()
    {
        string photo = Jpeg("photo.jpg");
        ImageFile.Save(Picture(), At("plain.png"));
        var result = Enhance(photo, At("plain.png"), "--consistent", "--json", "-o", At("out/"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("plain.png: not a JPEG", result.Error, StringComparison.Ordinal);
        var certificate = JsonDocument.Parse(result.Output.Split('\n')[2]).RootElement.GetProperty("certificate");
        Assert.True(certificate.GetProperty("reproduced").GetDouble() > 0.9999);
        Assert.True(certificate.GetProperty("insideBefore").GetDouble() > 0.9);
    }

    [Fact]
    public void Where_the_mask_is_white_the_picture_stays_as_it_was()
    {
        string photo = Jpeg("photo.jpg");
        var picture = ImageFile.Load(photo);
        var white = new ImageBuffer(picture.Width, picture.Height, ColourModel.Gray);
        white.Data.AsSpan().Fill(255);
        ImageFile.Save(white, At("white.png"));
        ImageFile.Save(new ImageBuffer(1, 1, ColourModel.Gray), At("small.png"));
        // With a model that changes pictures.
        Assert.Equal(0, CommandLine.Run("enhance", photo, "--model", "lite", "-o", At("plain.png")).ExitCode);
        Assert.Equal(0, CommandLine.Run("enhance", photo, "--model", "lite", "-o", At("kept.png"), "--protect", At("white.png")).ExitCode);
        Assert.NotEqual(picture.Data, ImageFile.Load(At("plain.png")).Data);
        Assert.Equal(picture.Data, ImageFile.Load(At("kept.png")).Data);

        var result = Enhance(photo, "-o", At("none.png"), "--protect", At("small.png"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the mask is 1x1 and the picture", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("none.png")));
    }

    private CommandLineResult Enhance(params string[] arguments) => CommandLine.Run(["enhance", .. arguments, "--model", _model]);

    private string At(string name) => Path.Combine(_folder, name);

    private string Jpeg(string name)
    {
        string path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, JpegCodec.Instance.Encode(Picture(), new CodecSettings(30)).Bytes);
        return path;
    }

    /// <summary>Of each picture the first word of its progress alone: a slow machine says more.</summary>
    private static JsonElement[] EventsOf(CommandLineResult result)
    {
        var events = new List<JsonElement>();
        foreach (string line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var one = JsonDocument.Parse(line).RootElement;
            bool further = events.Count > 0 && Name(one) == "progress" && Name(events[^1]) == "progress";
            if (!further)
                events.Add(one);
        }

        return [.. events];

        static string? Name(JsonElement one) => one.GetProperty("event").GetString();
    }

    private static ImageBuffer Picture()
    {
        var image = new ImageBuffer(50, 34, ColourModel.Rgb);
        for (int i = 0; i < image.Data.Length; i++)
            image.Data[i] = (byte)(128 + (90 * Math.Sin(i * 0.013)) + (i % 3 * 10));
        return image;
    }
}

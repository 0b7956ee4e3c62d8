using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using Unpress.Imaging;
using Unpress.Testing;

namespace Unpress.Cli.Tests;

/// <summary>
/// Files and gestures of real complaints, as a user meets them: one test for each folder of cases, whose <c>expected.txt</c> says what must happen.
/// Each runs with files of the same kind made by code (<see cref="CaseFiles"/>), and with the real ones where this machine has them.
/// </summary>
public sealed class CaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-cases-");

    private int _new;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Case_16_a_folder_without_permission_is_named()
    {
        Directory.CreateDirectory(At("tree/locked"));
        foreach (string picture in (string[])["tree/a.png", "tree/locked/b.png"])
            ImageFile.Save(new ImageBuffer(17, 16, ColourModel.Rgb), At(picture));
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(At("tree/locked"), Environment.IsPrivilegedProcess ? UnixFileMode.UserRead | UnixFileMode.UserExecute : UnixFileMode.None);
        // Root may read everything: as nobody, then.
        string[] nobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        var tree = ChildCommandLine.RunWith([$"HOME={At("")}", .. nobody], "enhance", "-r", At("tree"), "-o", At("out"), "--model", "lite");
        var alone = ChildCommandLine.RunWith([$"HOME={At("")}", .. nobody], "enhance", At("tree/locked"), "-o", At("out"), "--model", "lite");
        File.SetUnixFileMode(At("tree/locked"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal((1, 1), (tree.ExitCode, alone.ExitCode));
        Assert.Contains($"{At("tree/locked")}: no permission to read this folder", tree.Error, StringComparison.Ordinal);
        Assert.Contains($"{At("tree/locked")}: no permission to read this folder", alone.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(At("out/a.png")));
    }

    [Fact]
    public void Case_01_deep_pictures_become_readable_avif()
    {
        foreach (string input in Pictures("01-16bit-to-avif").Where(file => file.EndsWith("16.png", StringComparison.Ordinal)))
        {
            string output = NewAt("x.avif");
            var result = Enhance(input, "-o", output);
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("16 bits a sample become 10, all that AVIF holds", result.Output, StringComparison.Ordinal);
            Assert.Equal((83, 61, 16), ImageFile.Load(output) is var picture ? (picture.Width, picture.Height, picture.BitsPerSample) : default);
        }

        foreach (string input in Pictures("01-16bit-to-avif").Where(file => file.EndsWith(".avif", StringComparison.Ordinal)))
            Assert.Equal(0, Enhance(input, "-o", NewAt("x.avif")).ExitCode);
    }

    [Fact]
    public void Case_02_two_results_of_one_name_are_refused_before_the_start()
    {
        var result = Enhance(Made("02-same-name-two-folders/a/x.jpg"), Made("02-same-name-two-folders/b/x.jpg"), "-o", At("out"), "--overwrite");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("would both become", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void Case_03_links_that_lead_back_are_followed_once()
    {
        foreach (string tree in (string[])["tree/one.d", "tree/two.d"])
        {
            Directory.CreateDirectory(At($"{tree}/sub/deep"));
            File.Copy(Made("20-resume-is-failure/c_17x16.jpg"), At($"{tree}/a.jpg"));
            File.Copy(Made("20-resume-is-failure/c_17x16.jpg"), At($"{tree}/sub/b.jpg"));
            Directory.CreateSymbolicLink(At($"{tree}/sub/loop"), "..");
        }

        Directory.CreateSymbolicLink(At("tree/two.d/sub/deep/self"), "../..");
        Assert.Equal(0, Enhance(At("tree"), "-r", "-o", At("out")).ExitCode);
        Assert.Equal(4, Directory.GetFiles(At("out"), "*.png", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("--metadat", "none")]
    [InlineData("--strenght", "50")]
    [InlineData("--overwrit")]
    public void Case_04_misspelt_options_stop_everything(params string[] option)
    {
        var result = Enhance([Made("04-misspelt-option/full.jpg"), "-o", At("x.png"), .. option]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("did you mean --", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("x.png")));
    }

    [Theory]
    [InlineData("--strength", "abc")]
    [InlineData("--strength", "50%")]
    [InlineData("--quality", "9x")]
    [InlineData("--threads", "two")]
    [InlineData("--candidates", "x")]
    [InlineData("--memory", "much")]
    [InlineData("--time-limit", "soon")]
    public void Case_05_wrong_values_are_one_line_and_code_2(string option, string value)
    {
        var result = CommandLine.Run("enhance", Made("05-option-of-wrong-type/c_17x16.jpg"), "-o", At("x.png"), option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("x.png")));
    }

    [Theory]
    [InlineData("train", "t_brace.yaml")]
    [InlineData("lab", "lab.yaml")]
    public void Case_07_an_unclosed_bracket_is_a_line(string verb, string name)
    {
        foreach (string recipe in Each("07-recipe-unclosed-bracket", name))
        {
            string[] words = verb == "lab" ? ["lab", "cycle", recipe] : [verb, recipe];
            var result = CommandLine.Run(words);
            Assert.Equal(2, result.ExitCode);
            Assert.StartsWith($"unpress: {recipe}:", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_08_what_is_left_out_is_said_and_raw_files_are_refused()
    {
        foreach (string input in Pictures("08-only-one-of-several-pictures"))
        {
            string output = NewAt("x.png");
            var result = Enhance(input, "-o", output);
            if (Path.GetExtension(input) is ".dng" or ".nef")
            {
                Assert.Equal(1, result.ExitCode);
                Assert.Contains("a camera's RAW file", result.Error, StringComparison.Ordinal);
                Assert.False(File.Exists(output));
            }
            else
            {
                Assert.Equal(0, result.ExitCode);
                Assert.Matches("only the first|left out", result.Output);
            }
        }
    }

    [Theory]
    [InlineData("ext.jpg")]
    [InlineData("full.jpg")]
    [InlineData("motion.jpg")]
    [InlineData("ultrahdr.jpg")]
    public void Case_09_xmp_claims_nothing_that_is_no_longer_there(string name)
    {
        foreach (string input in Each("09-stale-xmp", name))
        {
            string output = NewAt("x.png");
            Assert.Equal(0, Enhance(input, "-o", output).ExitCode);
            ImageBuffer result = ImageFile.Load(output);
            string xmp = System.Text.Encoding.UTF8.GetString(result.Metadata.Xmp ?? []);
            foreach (string stale in new[] { "hdrgm:Version", "Container:Directory", "GCamera:MotionPhoto", "MicroVideoOffset", "HasExtendedXMP" })
                Assert.DoesNotContain(stale, xmp, StringComparison.Ordinal);
            int width = xmp.IndexOf("<tiff:ImageWidth>", StringComparison.Ordinal);
            if (width >= 0)
                Assert.StartsWith($"<tiff:ImageWidth>{result.Width}<", xmp[width..], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_10_what_the_numbers_mean_passes_on_or_its_loss_is_said()
    {
        foreach (string input in Pictures("10-colour-description-lost"))
        {
            string output = NewAt("x.png");
            Assert.Equal(0, Enhance(input, "-o", output).ExitCode);
            Assert.Contains(ImageFile.Load(output).Metadata.PngChunks, chunk => chunk.IsColour);
            Assert.Contains("colour description", Enhance(input, "-o", NewAt("x.jpg")).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_11_float_pictures_are_refused()
    {
        foreach (string input in Pictures("11-float-rgb-tiff"))
        {
            var result = Enhance(input, "-o", At("x.png"));
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("stores samples as float", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_12_cmyk_looks_the_same_without_the_marker_and_finds_a_format_that_holds_it()
    {
        foreach (string folder in Folders("12-cmyk-jpeg-without-adobe-marker"))
        {
            string output = NewAt("out");
            Assert.Equal(0, Enhance(folder, "-o", output).ExitCode);
            Assert.Equal(ImageFile.Load(Path.Combine(output, "cmyk_adobe.tif")).Data, ImageFile.Load(Path.Combine(output, "cmyk_noadobe.tif")).Data);
            var again = Enhance(folder, "-o", output);
            Assert.Equal(0, again.ExitCode);
            Assert.Contains("0 of 2 pictures restored", again.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_14_no_resolution_is_invented()
    {
        foreach (string input in Pictures("14-invented-resolution"))
        {
            foreach (string format in new[] { "png", "tif", "jpg", "webp" })
            {
                string output = NewAt($"x.{format}");
                Assert.Equal(0, Enhance(input, "-o", output).ExitCode);
                Assert.Equal(0, ImageFile.Load(output).Metadata.PixelsPerMillimetreX);
            }
        }
    }

    [Fact]
    public void Case_15_pipes_in_a_folder_are_passed_over()
    {
        Directory.CreateDirectory(At("in"));
        File.Copy(Made("15-pipes-in-a-folder/c_17x16.jpg"), At("in/a.jpg"));
        using (var make = Process.Start("mkfifo", [At("in/pipe.jpg")]))
            make.WaitForExit();
        Assert.Equal(0, Enhance(At("in"), "-o", At("out")).ExitCode);
        Assert.Equal([At("out/a.png")], Directory.GetFiles(At("out"), "*.png"));
    }

    [Theory]
    [InlineData("dnl_zero.jpg", "DNL")]
    [InlineData("float_0_1.tif", "float")]
    [InlineData("i32.tif", "int")]
    [InlineData("prec12.jpg", "12 bits")]
    [InlineData("rgbf16.tif", "float")]
    [InlineData("sof3.jpg", "lossless")]
    [InlineData("sof55.jpg", "JPEG-LS")]
    public void Case_18_healthy_files_of_other_kinds_are_not_called_damaged(string name, string kind)
    {
        foreach (string input in Each("18-healthy-called-damaged", name))
        {
            var result = Enhance(input, "-o", At("x.png"));
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(kind, result.Error, StringComparison.Ordinal);
            Assert.Contains("not supported", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("damaged", result.Error[result.Error.IndexOf(name, StringComparison.Ordinal)..], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_19_salvage_takes_what_decodes_and_says_so()
    {
        foreach (string input in Pictures("19-no-way-to-take-what-decodes"))
        {
            string output = NewAt("x.png");
            Assert.Equal(1, Enhance(input, "-o", output).ExitCode);
            var result = Enhance(input, "-o", output, "--salvage");
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("what decodes of a damaged file was taken", result.Output, StringComparison.Ordinal);
            Assert.Equal((321, 243), ImageFile.Load(output) is var picture ? (picture.Width, picture.Height) : default);
        }
    }

    [Fact]
    public void Case_20_a_second_run_skips_and_does_not_fail()
    {
        string folder = Path.GetDirectoryName(Made("20-resume-is-failure/c_17x16.jpg"))!;
        Assert.Equal(0, Enhance(folder, "-o", At("out")).ExitCode);
        var second = Enhance(folder, "-o", At("out"));
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("is there already", second.Output, StringComparison.Ordinal);
        Assert.Equal("", second.Error);
        Assert.Contains("\"event\":\"skipped\"", Enhance(folder, "-o", At("out"), "--json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Case_21_texts_of_a_png_stay()
    {
        foreach (string input in Pictures("21-png-text-lost"))
        {
            string output = NewAt("x.png");
            Assert.Equal(0, Enhance(input, "-o", output).ExitCode);
            Assert.NotEmpty(Texts(input));
            Assert.Equal(Texts(input), Texts(output));
            Assert.Contains("texts of the PNG are left out", Enhance(input, "-o", NewAt("x.webp")).Output, StringComparison.Ordinal);
        }
    }

    [SharedDataFact("cases/23-params-dash-ema")]
    public void Case_23_weights_below_params_dash_ema_are_found()
    {
        var result = CommandLine.Run("import", SharedData.Path("cases", "23-params-dash-ema", "params_dash.pth"), "--as", "dncnn", "-o", At("x.safetensors"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("took the tensors in 'params-ema'", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(At("x.safetensors")));
    }

    [Theory]
    [InlineData("rgb16.png", "heic", "become 10")]
    [InlineData("rgb16.png", "avif", "become 10")]
    [InlineData("rgb16.png", "webp", "become 8")]
    [InlineData("rgb16.png", "bmp", "become 8")]
    public void Case_24_lost_bits_are_said(string name, string format, string said)
    {
        foreach (string input in Each("24-lossless-that-is-not", name))
        {
            var result = Enhance(input, "-o", NewAt($"x.{format}"));
            if (result.ExitCode != 0 && format == "heic")
                Assert.Contains("heif-enc", result.Error, StringComparison.Ordinal); // the program is not on this machine
            else
                Assert.Contains(said, result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("noninter_only_y.jpg")]
    [InlineData("prog_1scan.jpg")]
    [InlineData("prog_half.jpg")]
    public void Case_25_no_proof_of_what_is_not_known(string name)
    {
        foreach (string input in Each("25-consistent-odd", name))
        {
            var result = Enhance(input, "-o", NewAt("x.png"), "--consistent");
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("scans are missing", result.Error, StringComparison.Ordinal);
        }
    }

    [SharedDataFact("cases/25-consistent-odd")]
    public void Case_25_odd_samplings_are_proved()
    {
        var result = Enhance(SharedData.Path("cases", "25-consistent-odd", "s22_22.jpg"), "-o", At("x.png"), "--consistent");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("proof: saved as JPEG again, this is your file", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Case_26_events_go_to_standard_error_when_the_picture_goes_to_standard_output()
    {
        var result = ChildCommandLine.Run("enhance", Made("26-json-with-stdout/c_17x16.jpg"), "-o", "-", "--json");
        Assert.Equal(0, result.ExitCode);
        foreach (string line in Lines(result.Error))
            Assert.True(JsonDocument.Parse(line).RootElement.TryGetProperty("event", out _));
    }

    [Fact]
    public void Case_30_a_bomb_costs_its_own_line_and_the_batch_goes_on()
    {
        Directory.CreateDirectory(At("in"));
        File.Copy(Made("30-attacks/bomb/p_16384_rgba16.png"), At("in/bomb.png"));
        File.Copy(Made("20-resume-is-failure/c_17x16.jpg"), At("in/photo.jpg"));
        var result = Enhance(At("in"), "-o", At("out"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("bomb.png: 16384x16384 pixels", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
        Assert.Equal([At("out/photo.png")], Directory.GetFiles(At("out"), "*.png"));
    }

    [Fact]
    public void Case_30_pictures_with_missing_pixels_are_cut_off()
    {
        foreach (string input in Pictures("30-attacks/pnm"))
        {
            var result = Enhance(input, "-o", At("x.png"));
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("cut off: fewer samples than the header promises", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_30_recipes_neither_hang_nor_overflow()
    {
        foreach (string recipe in Pictures("30-attacks/yaml"))
        {
            var result = CommandLine.Run("train", recipe, "-o", At("run"));
            Assert.Equal(2, result.ExitCode);
            Assert.All(Lines(result.Error), line => Assert.StartsWith("unpress: ", line, StringComparison.Ordinal));
            Assert.InRange(Lines(result.Error).Length, 1, 5);
        }
    }

    [Fact]
    public void Case_30_weights_that_claim_too_much_are_refused()
    {
        foreach (string weights in Pictures("30-attacks/weights"))
        {
            var result = CommandLine.Run("import", weights, "--as", "dncnn", "-o", At("x.safetensors"));
            Assert.Equal(1, result.ExitCode);
            Assert.StartsWith($"unpress: {weights}: ", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_30_small_deep_pictures_become_avif()
    {
        foreach (string input in Pictures("30-attacks/avif16").Where(file => !file.EndsWith(".heic", StringComparison.Ordinal)))
        {
            string output = NewAt("x.avif");
            Assert.Equal(0, Enhance(input, "-o", output).ExitCode);
            Assert.Equal(16, ImageFile.Load(output).BitsPerSample);
        }
    }

    [Fact]
    public void Case_30_thin_wide_pictures_become_readable_heic_or_are_refused()
    {
        foreach (string input in Pictures("30-attacks/heic_empty"))
        {
            string output = NewAt("x.heic");
            var result = Enhance(input, "-o", output);
            Assert.Equal(File.Exists(output) ? 0 : 1, result.ExitCode);
            if (File.Exists(output))
                Assert.Equal((8000, 8), ImageFile.Load(output) is var picture ? (picture.Width, picture.Height) : default);
            else
                Assert.StartsWith($"unpress: {output}: ", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Case_30_xmp_that_is_nested_too_deep_is_left_out_at_once()
    {
        foreach (string input in Pictures("30-attacks/xmp"))
        {
            var clock = Stopwatch.StartNew();
            var result = Enhance(input, "-o", NewAt("x.png"));
            Assert.Equal(0, result.ExitCode);
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60); // 141 s where the XML parser reads it
        }
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A path in a folder of its own, where nothing is yet.</summary>
    private string NewAt(string name) => Path.Combine(Directory.CreateDirectory(At($"new-{_new++}")).FullName, name);

    private string Made(string name) => CaseFiles.Make(At("made"), name) ?? throw new InvalidOperationException($"{name} is not made by code");

    /// <summary>The file of this name made by code, and the real one: those there are.</summary>
    private IEnumerable<string> Each(string folder, string name)
    {
        string?[] files = [CaseFiles.Make(At("made"), $"{folder}/{name}"), Real($"{folder}/{name}")];
        return files is [null, null] ? throw new FileNotFoundException($"{folder}/{name} is neither made by code nor on this machine") : files.OfType<string>();
    }

    /// <summary>The folder with the files made by code, and the one with the real ones, if it is there.</summary>
    private IEnumerable<string> Folders(string folder)
    {
        foreach (string name in CaseFiles.Names(folder))
            Made($"{folder}/{name}");
        string?[] folders = [At($"made/{folder}"), Real(folder)];
        return folders.OfType<string>();
    }

    private IEnumerable<string> Pictures(string folder) => Folders(folder)
        .SelectMany(Directory.GetFiles)
        .Where(file => !file.EndsWith(".txt", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string? Real(string name) => SharedData.Folder is { } folder && Path.Exists(Path.Combine(folder, "cases", name))
        ? SharedData.Path("cases", name)
        : null;

    private static CommandLineResult Enhance(params string[] arguments) => CommandLine.Run(["enhance", "--threads", "1", "--model", "lite", .. arguments]);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Texts(string png) => string.Join(
        "; ", ImageFile.Load(png).Metadata.PngChunks.Where(chunk => !chunk.IsColour).Select(chunk => $"{chunk.Type} {Convert.ToHexString(chunk.Data)}"));
}

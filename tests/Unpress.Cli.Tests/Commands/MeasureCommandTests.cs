using System.Text.Json;

namespace Unpress.Cli.Tests.Commands;

public sealed class MeasureCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_table_has_a_row_a_picture_and_their_mean()
    {
        // Errors of one and of two levels: 48.13 and 42.11 dB.
        Gray("ref/a.pgm", 100);
        Gray("out/a.pgm", 101);
        Gray("ref/b.pgm", 100);
        Gray("out/b.pgm", 102);
        Gray("ref/left.pgm", 1);

        CommandLineResult result = CommandLine.Run("measure", At("ref"), At("out"), "--metrics", "psnr,ssim", "--csv", At("rows.csv"));

        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode); // left.pgm has no partner
        string[][] rows = [.. result.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Contains(rows, row => row is ["picture", "psnr", "ssim"]);
        Assert.Contains(rows, row => row is ["a", "48.13", _]);
        Assert.Contains(rows, row => row is ["b", "42.11", _]);
        Assert.Contains(rows, row => row is ["mean", "45.12", _]);
        Assert.Contains("left.pgm", result.Error, StringComparison.Ordinal);
        string[] csv = File.ReadAllLines(At("rows.csv"));
        Assert.Equal("picture,psnr,ssim", csv[0]);
        Assert.StartsWith("a,48.13080360867", csv[1], StringComparison.Ordinal);
        Assert.Equal(3, csv.Length);
    }

    [Fact]
    public void Json_has_full_precision_and_a_word_for_infinity()
    {
        Gray("ref.pgm", 100);
        Gray("out.pgm", 100);
        CommandLineResult result = CommandLine.Run("measure", At("ref.pgm"), At("out.pgm"), "--json", "-m", "psnr,ssim");
        JsonElement root = JsonDocument.Parse(result.Output).RootElement;
        JsonElement values = root.GetProperty("pictures")[0].GetProperty("values");
        Assert.Equal("Infinity", values.GetProperty("psnr").GetString());
        Assert.Equal(1, values.GetProperty("ssim").GetDouble(), 1e-12);
    }

    [Fact]
    public void One_bad_picture_is_named_the_rest_is_measured_and_the_exit_code_says_so()
    {
        Gray("ref/a.pgm", 100);
        Gray("out/a.pgm", 101);
        Gray("ref/b.pgm", 100);
        File.WriteAllText(At("out/b.png"), "no picture");
        CommandLineResult result = CommandLine.Run("measure", At("ref"), At("out"), "-m", "psnr");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("48.13", result.Output, StringComparison.Ordinal);
        Assert.Contains(At("out/b.png"), Assert.Single(result.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("measure")]
    [InlineData("measure", "only-one.png")]
    [InlineData("measure", "a", "b", "--metrics", "psnr,nonsense")]
    [InlineData("measure", "one.png", "--metrics", "niqe,psnr")]
    [InlineData("measure", "a", "b", "--metrics", "psnr=mine.npz")]
    [InlineData("fit", "niqe", "folder")]
    [InlineData("evaluate")]
    [InlineData("evaluate", "--data", ".", "--quality", "ten")]
    [InlineData("evaluate", "--data", ".", "--codec", "gif")]
    [InlineData("evaluate", "--data", ".", "--json", "--markdown")]
    public void A_command_line_that_makes_no_sense_is_refused(params string[] arguments)
    {
        CommandLineResult result = CommandLine.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.NotEqual("", result.Error);
    }

    [Fact]
    public void The_list_shows_every_metric_with_its_contract()
    {
        CommandLineResult result = CommandLine.Run("measure", "--list");
        Assert.Equal(0, result.ExitCode);
        foreach (var metric in Unpress.Metrics.MetricCatalog.All)
        {
            Assert.Contains($"{metric.Name}  {metric.Summary}", result.Output, StringComparison.Ordinal);
            Assert.Contains(metric.Contract.Source, result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_metric_is_fitted_to_pictures_and_judges_one_alone_without_an_original()
    {
        for (int i = 0; i < 5; i++)
            Grain($"pictures/{i}.pgm", i);
        File.WriteAllText(At("pictures/4.pgm"), "no picture");
        CommandLineResult fit = CommandLine.Run("fit", "niqe", At("pictures"), "-o", At("mine.npz"));
        Assert.Equal(1, fit.ExitCode);
        Assert.Contains(At("pictures/4.pgm"), Assert.Single(fit.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Grain("a.pgm", 7);

        CommandLineResult result = CommandLine.Run("measure", At("a.pgm"), "-m", $"niqe={At("mine.npz")}", "--json");

        Assert.Equal(0, result.ExitCode);
        JsonElement picture = JsonDocument.Parse(result.Output).RootElement.GetProperty("pictures")[0];
        Assert.InRange(picture.GetProperty("values").GetProperty("niqe=mine").GetDouble(), 0.01, 20);
        Assert.Equal(JsonValueKind.Null, picture.GetProperty("reference").ValueKind);

        // Too small for NIQE, not for PSNR: the mean of fewer pictures says so.
        Grain("two/a.pgm", 7);
        File.WriteAllBytes(At("two/b.pgm"), [.. "P5\n16 16\n255\n"u8, .. new byte[256]]);
        string table = CommandLine.Run("measure", At("two"), At("two"), "-m", $"psnr,niqe={At("mine.npz")}").Output;
        Assert.Contains("of 1", table, StringComparison.Ordinal);
        Assert.Contains("higher is better; dB, 0..infinity; colours: RGB", table, StringComparison.Ordinal);
        Assert.Contains("lower is better; 0..infinity", table, StringComparison.Ordinal);
        result = CommandLine.Run("measure", At("a.pgm"), At("a.pgm"), "--csv", At("nowhere/a.csv"));
        Assert.Equal($"unpress: {At("nowhere/a.csv")}: cannot be written: its folder does not exist\n", result.Error);
    }

    private string At(string name) => Path.Combine(_folder, name);

    // 384×288 of noise over waves, in PGM.
    private void Grain(string name, int seed)
    {
        var random = new Random(seed);
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), [.. "P5\n384 288\n255\n"u8,
            .. Enumerable.Range(0, 384 * 288).Select(i => (byte)(128 + (50 * Math.Sin(i * 0.1)) + random.Next(-20, 20)))]);
    }

    // A flat gray picture of 16×16 pixels in PGM.
    private void Gray(string name, byte level)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), [.. "P5\n16 16\n255\n"u8, .. Enumerable.Repeat(level, 256)]);
    }
}

using Unpress.Imaging;

namespace Unpress.Cli.Tests.Enhance;

/// <summary>Folders that were done in part, and inputs that failed.</summary>
public sealed class ResumedEnhanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public ResumedEnhanceTests()
    {
        Directory.CreateDirectory(At("in/sub"));
        foreach (string name in (string[])["in/a.png", "in/b.png", "in/sub/c.png"])
            Picture(name, name.Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_done_stays_and_what_is_missing_is_made()
    {
        Assert.Contains("3 of 3", Enhance(At("in"), "-r", "-o", At("out")).Output, StringComparison.Ordinal);
        var before = Stamps();
        File.Delete(At("out/sub/c.png"));
        var result = Enhance(At("in"), "-r", "-o", At("out"), "--resume", "--dates", "new");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("1 of 3 pictures restored", result.Output, StringComparison.Ordinal);
        Assert.Contains("2 there already;", result.Output, StringComparison.Ordinal);
        Assert.Equal(before, Stamps());
    }

    [Fact]
    public void Another_input_or_another_setting_makes_a_result_anew()
    {
        Enhance(At("in"), "-o", At("out"));
        Picture("in/a.png", 99);
        Assert.Contains("1 of 2 pictures restored", Enhance(At("in"), "-o", At("out"), "--resume").Output, StringComparison.Ordinal);
        Assert.Equal(ImageFile.Load(At("in/a.png")).Data, ImageFile.Load(At("out/a.png")).Data);
        Assert.Contains("0 of 2 pictures restored", Enhance(At("in"), "-o", At("out"), "--resume").Output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 pictures restored", Enhance(At("in"), "-o", At("out"), "--resume", "--metadata", "none").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_else_has_put_there_is_not_replaced()
    {
        Enhance(At("in"), "-o", At("out"));
        File.WriteAllText(At("out/a.png"), "mine");
        Picture("in/a.png", 99);
        var result = Enhance(At("in"), "-o", At("out"), "--resume");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("not as the journal says", result.Output, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(At("out/a.png")));
    }

    [Fact]
    public void A_journal_that_was_cut_in_the_middle_of_a_line_counts_up_to_there()
    {
        Enhance(At("in"), "-o", At("out"));
        string journal = At("out/.unpress-journal.jsonl");
        File.WriteAllBytes(journal, File.ReadAllBytes(journal)[..^20]);
        var result = Enhance(At("in"), "-o", At("out"), "--resume");
        Assert.Contains("of this very input and settings", result.Output, StringComparison.Ordinal);
        Assert.Contains("not as the journal says", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_failed_is_listed_and_can_be_tried_again_at_its_place()
    {
        File.WriteAllText(At("in/sub/d.png"), "no picture");
        var first = Enhance(At("in"), "-r", "-o", At("out"), "--failures", At("failed.txt"));
        Assert.Equal(1, first.ExitCode);
        Assert.Single(File.ReadAllLines(At("failed.txt")));
        Picture("in/sub/d.png", 7);
        var second = Enhance("--retry-failed", At("failed.txt"), "-o", At("out"), "--failures", At("failed.txt"));
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        Assert.True(File.Exists(At("out/sub/d.png")));
        Assert.Equal("", File.ReadAllText(At("failed.txt")));
    }

    [Theory]
    [InlineData("no list", "is no list of failures")]
    [InlineData("""{"input":"a.png","relative":"../../a.png"}""", "is no list of failures")]
    [InlineData("""{"input":"a.png","relative":"/a.png"}""", "is no list of failures")]
    [InlineData("[1]", "is no list of failures")]
    public void Another_file_is_no_list(string text, string reason)
    {
        File.WriteAllText(At("list.txt"), text);
        var result = Enhance("--retry-failed", At("list.txt"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_limit_costs_its_picture()
    {
        var result = CommandLine.Run("enhance", At("in"), "-o", At("out"), "--program", "sh -c 'sleep 100' {in} {out}", "--time-limit", "0.3");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a.png: took longer than 0.3 s (--time-limit)", result.Error, StringComparison.Ordinal);
        Assert.Contains("0 of 2 pictures restored", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_on_pixels_names_the_option_that_raises_it()
    {
        var result = Enhance(At("in/a.png"), "--max-pixels", "1K");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("(--max-pixels raises it)", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Enhance(At("in/a.png")).ExitCode);
    }

    [Fact]
    public void A_process_of_its_own_gives_the_same_results_and_the_same_words()
    {
        File.WriteAllText(At("in/e.jpg"), "no picture");
        string[] run = ["enhance", At("in"), "-r", "--strength", "0", "--format", "webp", "-o"];
        var on = ChildCommandLine.Run([.. run, At("on"), "--isolate", "on"]);
        var off = ChildCommandLine.Run([.. run, At("off"), "--isolate", "off"]);
        Assert.Equal((1, 1), (on.ExitCode, off.ExitCode));
        Assert.Equal(off.Error, on.Error);
        foreach (string name in (string[])["a.webp", "b.webp", "sub/c.webp"])
            Assert.Equal(File.ReadAllBytes(At("off/" + name)), File.ReadAllBytes(At("on/" + name)));
    }

    /// <summary>At strength 0, which passes pixels on: what is tested is what is done, not how well.</summary>
    private static CommandLineResult Enhance(params string[] arguments) => CommandLine.Run(["enhance", .. arguments, "--strength", "0"]);

    private Dictionary<string, string> Stamps() => Directory.GetFiles(At("out"), "*.png", SearchOption.AllDirectories)
        .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));

    private void Picture(string name, int seed)
    {
        var image = new ImageBuffer(50, 40, ColourModel.Rgb);
        new Random(seed).NextBytes(image.Data);
        ImageFile.Save(image, At(name));
    }

    private string At(string name) => Path.Combine(_folder, name);
}

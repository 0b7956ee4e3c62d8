using System.Text.Json;
using Unpress.Imaging;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Tests.Enhance;

/// <summary>Many pictures: parts of them, what is left out, what it would be, links, and death in the middle.</summary>
public sealed class SharedEnhanceTests : IDisposable
{
    private const int Count = 24;

    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public SharedEnhanceTests()
    {
        for (int k = 0; k < Count; k++)
            Picture($"in/{k % 3}/{k:00}.png", k);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parts_together_make_each_result_once_and_a_merge_makes_one_journal_of_theirs()
    {
        File.WriteAllText(At("in/0/broken.png"), "no picture");
        Enhance("-o", At("whole"), "--failures", At("whole.txt"));
        for (int part = 1; part <= 3; part++)
            Enhance("-o", At("out"), "--shard", $"{part}/3", "--failures", At("failed.txt"));
        Assert.Equal(Contents("whole"), Contents("out"));
        Assert.Equal(Count, Journals("out", "*-of-3").Sum(file => File.ReadAllLines(file).Length));

        var merged = CommandLine.Run("merge", At("out"), "--failures", At("failed.txt"));
        Assert.Equal((0, ""), (merged.ExitCode, merged.Error));
        Assert.Contains($"{Count} pictures in 3 folders", merged.Output, StringComparison.Ordinal);
        Assert.Empty(Journals("out", "*-of-*"));
        Assert.Equal(Count, Journals("out", "").Sum(file => File.ReadAllLines(file).Length));
        Assert.Equal(File.ReadAllText(At("whole.txt")), File.ReadAllText(At("failed.txt")));
        Assert.Empty(Directory.GetFiles(_folder, "failed.*-of-*"));
        Assert.Contains($"{Count} there already", Enhance("-o", At("out"), "--resume").Output, StringComparison.Ordinal);
        Assert.Contains("nothing to join", CommandLine.Run("merge", At("out")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Journals_of_parts_count_before_they_are_joined_whatever_part_goes_on()
    {
        Enhance("-o", At("out"), "--shard", "1/2");
        int done = Contents("out").Count;
        Assert.InRange(done, 1, Count - 1);
        var result = Enhance("-o", At("out"), "--resume");
        Assert.Contains($"{Count - done} of {Count} pictures restored", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{done} there already", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_that_two_parts_have_made_are_told_of()
    {
        Enhance("-o", At("out"), "--shard", "1/2");
        Enhance("-o", At("out"), "--shard", "1/1", "--overwrite");
        var merged = CommandLine.Run("merge", At("out"));
        Assert.Equal(0, merged.ExitCode);
        Assert.Contains("made by two parts", merged.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_that_was_killed_can_be_done_again()
    {
        for (int part = 1; part <= 2; part++)
            Enhance("-o", At("out"), "--shard", $"{part}/2");
        // As after its first half: the lines are there, and the files that they are from as well.
        var parts = Journals("out", "*-of-2").ToDictionary(file => file, File.ReadAllBytes);
        CommandLine.Run("merge", At("out"));
        foreach (var (file, bytes) in parts)
            File.WriteAllBytes(file, bytes);
        Assert.Equal(0, CommandLine.Run("merge", At("out")).ExitCode);
        Assert.Contains($"{Count} there already", Enhance("-o", At("out"), "--resume").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_part_or_pattern_is_a_wrong_command_line()
    {
        Assert.Contains("--shard 3/2", Wrong("--shard", "3/2"), StringComparison.Ordinal);
        Assert.Contains("no scheduler has started this process", Wrong("--shard", "auto"), StringComparison.Ordinal);
        Assert.Contains("--exclude: '{a'", Wrong("--exclude", "{a"), StringComparison.Ordinal);

        string Wrong(params string[] options)
        {
            var result = Enhance([.. options, "-o", At("out")]);
            Assert.Equal(ExitCodes.Usage, result.ExitCode);
            return result.Error;
        }
    }

    [Fact]
    public void A_scheduler_s_part_is_taken_when_it_is_asked_for()
    {
        var result = ChildCommandLine.RunWith("RANK=1", "enhance", At("in"), "-r", "--strength", "0", "-o", At("out"), "--shard", "auto");
        Assert.Contains("WORLD_SIZE is not", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, ChildCommandLine.RunWith("RANK=1", "enhance", At("in"), "-r", "--strength", "0", "-o", At("out")).ExitCode);
        Assert.Equal(Count, Contents("out").Count);
    }

    [Fact]
    public void Patterns_choose()
    {
        Enhance("-o", At("out"), "--include", "0*.png", "--exclude", "2");
        Assert.Equal(["0/00.png", "0/03.png", "0/06.png", "0/09.png", "1/01.png", "1/04.png", "1/07.png"], Contents("out").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_run_would_be_is_told_and_nothing_is_written()
    {
        Enhance("-o", At("out"), "--shard", "1/2");
        int done = Contents("out").Count;
        var plan = Enhance("-o", At("out"), "--resume", "--dry-run", "--json");
        Assert.Equal((0, ""), (plan.ExitCode, plan.Error));
        var said = JsonDocument.Parse(plan.Output).RootElement;
        Assert.Equal(("plan", Count, done), (said.GetProperty("event").GetString(), said.GetProperty("files").GetInt32(), said.GetProperty("there").GetInt32()));
        Assert.Equal(Directory.GetFiles(At("in"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), said.GetProperty("bytes").GetInt64());
        // All pictures are of one size, and random: so is what is left of them.
        long size = Directory.GetFiles(At("out"), "*.png", SearchOption.AllDirectories).Max(file => new FileInfo(file).Length);
        Assert.InRange(said.GetProperty("resultBytes").GetInt64(), size * (Count - done) * 9 / 10, size * (Count - done) * 11 / 10);
        Assert.Equal(done, Contents("out").Count);
        Assert.Contains("nothing was written", Enhance("-o", At("new"), "--dry-run").Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("new")));
    }

    [Fact]
    public void A_link_in_the_folder_of_results_does_not_lead_out_of_it()
    {
        if (OperatingSystem.IsWindows())
            return; // links need a right there
        Directory.CreateDirectory(At("outside"));
        Directory.CreateDirectory(At("out/within"));
        Directory.CreateSymbolicLink(At("out/0"), At("outside"));
        Directory.CreateSymbolicLink(At("out/1"), At("out/within"));
        var result = Enhance("-o", At("out"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a link leads out of", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(At("outside")));
        Assert.Equal(Count / 3, Directory.GetFiles(At("out/within"), "*.png").Length);
        Assert.Equal(Count / 3, Directory.GetFiles(At("out/2"), "*.png").Length);
    }

    [Fact]
    public void Killed_in_the_middle_it_does_nothing_twice_but_what_was_under_way()
    {
        for (int k = 0; k < 300; k++)
            File.Copy(At("in/0/00.png"), At($"in/2/more{k:000}.png"));
        int pictures = Count + 300;
        using var child = new ChildCommandLine("enhance", At("in"), "-r", "-o", At("out"), "--strength", "0");
        child.Await(() => Journals("out", "").Sum(Lines) > 20);
        child.Kill();
        var there = Contents("out");
        Assert.InRange(there.Count, 1, pictures - 1);
        int entered = Journals("out", "").Sum(file => File.ReadAllLines(file).Length);
        // A line is written before its result has its name: nothing is there that no line is about.
        Assert.InRange(entered - there.Count, 0, new EnhanceJobOptions { Inputs = [] }.Ahead);
        var result = Enhance("-o", At("out"), "--resume");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"{pictures - there.Count} of {pictures} pictures restored", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not as the journal says", result.Output, StringComparison.Ordinal);
        Assert.Equal(pictures, Contents("out").Count);
    }

    [Fact]
    public void Two_processes_on_one_folder_lose_no_line_of_the_journal()
    {
        using var one = new ChildCommandLine("enhance", At("in"), "-r", "-o", At("out"), "--strength", "0");
        using var other = new ChildCommandLine("enhance", At("in"), "-r", "-o", At("out"), "--strength", "0");
        Assert.Equal((0, 0), (one.End().ExitCode, other.End().ExitCode));
        Assert.Equal(Count, Contents("out").Count);
        var result = Enhance("-o", At("out"), "--resume", "-v");
        Assert.DoesNotContain("not as the journal says", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{Count} there already", result.Output, StringComparison.Ordinal);
    }

    private CommandLineResult Enhance(params string[] options) => CommandLine.Run(["enhance", At("in"), "-r", "--strength", "0", .. options]);

    /// <summary>As far as they can be read while another process writes.</summary>
    private static int Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file).Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private List<string> Journals(string folder, string part) => Directory.Exists(At(folder))
        ? [.. Directory.GetFiles(At(folder), $".unpress-journal{(part.Length > 0 ? "." + part : "")}.jsonl",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })]
        : [];

    private Dictionary<string, string> Contents(string folder) => Directory.GetFiles(At(folder), "*.png", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(At(folder), file), file => Convert.ToHexString(File.ReadAllBytes(file)));

    private void Picture(string name, int seed)
    {
        var image = new ImageBuffer(50, 40, ColourModel.Rgb);
        new Random(seed).NextBytes(image.Data);
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        ImageFile.Save(image, At(name));
    }

    private string At(string name) => Path.Combine(_folder, name);
}

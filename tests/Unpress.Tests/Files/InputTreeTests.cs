using Unpress.Files;

namespace Unpress.Tests.Files;

public sealed class InputTreeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_comes_before_those_below_it_and_each_by_name()
    {
        Make("b.jpg", "a.jpg", "below/d.jpg", "below/deeper/c.jpg", "another/e.jpg");
        Assert.Equal(["a.jpg", "b.jpg", "another/e.jpg", "below/d.jpg", "below/deeper/c.jpg"], Found(_folder));
        Assert.Equal(["a.jpg", "b.jpg"], Places(new InputTree([], [_folder], new InputTreeOptions())));
    }

    [Fact]
    public void What_lies_at_the_same_place_of_several_folders_comes_together()
    {
        Make("one/sub/a.jpg", "two/sub/a.png", "two/b.jpg");
        var groups = new InputTree([], [At("one"), At("two")], Recursive).Groups().ToList();
        Assert.Equal(["b.jpg"], groups[0].Files.Select(file => file.RelativePath));
        Assert.Equal([At("one/sub/a.jpg"), At("two/sub/a.png")], groups[1].Files.Select(file => file.Path));
    }

    [Fact]
    public void Files_that_were_named_know_those_beside_them_and_come_once()
    {
        Make("in/a.jpg", "in/b.jpg", "c.jpg");
        var groups = new InputTree([], [At("c.jpg"), At("in/a.jpg"), At("in")], Recursive).Groups().ToList();
        Assert.Equal([At("c.jpg"), At("in/a.jpg")], groups[0].Files.Select(file => file.Path));
        Assert.Equal([At("in/b.jpg")], groups[0].Others.Select(file => file.Path));
        Assert.Equal([At("in/b.jpg")], groups[1].Files.Select(file => file.Path));
        Assert.Equal(2, groups[1].Others.Count);
    }

    [Fact]
    public void Folders_within_each_other_are_seen_once()
    {
        Make("in/sub/a.jpg", "in/b.jpg");
        Assert.Equal(["b.jpg", "a.jpg"], Found(At("in"), At("in/sub")).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(2, Found(At("in"), At("in"), At("in/../in")).Count);
    }

    [Fact]
    public void Patterns_choose_files_and_leave_whole_folders_out()
    {
        Make("a.JPG", "b.png", "old/c.jpg", "new/old/d.jpg", "new/e.jpg");
        Assert.Equal(["a.JPG", "new/e.jpg", "new/old/d.jpg", "old/c.jpg"], Chosen(["*.jpg"], []));
        Assert.Equal(["a.JPG", "b.png", "new/e.jpg"], Chosen([], ["old"]));
        Assert.Equal(["new/e.jpg", "new/old/d.jpg"], Chosen(["new/**"], []));
        Assert.Equal(["a.JPG", "b.png", "new/e.jpg", "new/old/d.jpg"], Chosen([], ["/old/*"]));
        var tree = new InputTree([], [_folder], Selecting([], ["*"]));
        Assert.Contains("--exclude leave", Assert.Single(tree.Groups().Single().Files).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Thumbnails_of_others_and_results_are_no_inputs()
    {
        Make("a.jpg", "@eaDir/a.jpg", "__MACOSX/a.jpg", "._a.jpg", "a.unpress.png", "out/a.png", "video.thm");
        File.WriteAllBytes(At("video.thm"), [0xFF, 0xD8, 0xFF, 0xE0]);
        var options = Recursive with { PassOver = ".unpress", Output = At("out") };
        Assert.Equal(["a.jpg"], Places(new InputTree([], [_folder], options)));
        // Who names the folder of results wants it.
        Assert.Equal(["a.png"], Places(new InputTree([], [At("out")], options)));
    }

    [Fact]
    public void Names_that_are_not_utf8_are_faults_that_can_be_told_apart()
    {
        if (!OperatingSystem.IsLinux())
            return; // the others have no such names
        Make("in/a.jpg", "in/\uFFFD.jpg");
        const string make = "cd $0; for n in '\\351' '\\350'; do : > $(printf $n.jpg); done; mkdir $(printf 'd\\351')";
        using (var script = System.Diagnostics.Process.Start("sh", ["-c", make, At("in")]))
            script.WaitForExit();
        var files = new InputTree([], [At("in")], Recursive).Groups().SelectMany(group => group.Files).ToList();
        Assert.Equal([At("in/a.jpg"), At("in/\uFFFD.jpg")], files.Where(file => file.Fault is null).Select(file => file.Path));
        string prefix = Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(At("in/")));
        Assert.Equal(
            [$"{prefix}64E9", $"{prefix}E82E6A7067", $"{prefix}E92E6A7067"],
            files.Where(file => file.Fault is not null).Select(file => Convert.ToHexString(file.Bytes!)).Order(StringComparer.Ordinal));
        using (var script = System.Diagnostics.Process.Start("rm", ["-rf", At("in")]))
            script.WaitForExit(); // .NET deletes them no more than it opens them
        Assert.Contains(files, file => file.Fault?.Contains($"mv $'{At("in/")}\\xe9.jpg'", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Other_files_are_told()
    {
        Make("a.jpg", "b.gif", "below/c.gif", "below/d.txt", "e.xmp", "f.unpress.compare.html");
        var passed = new PassedOver();
        Assert.Equal(["a.jpg"], Places(new InputTree([], [_folder], Recursive with { PassOver = ".unpress", OnPassedOver = passed.Add })));
        Assert.Equal("3 files passed over, not of a kind that is read: 2 gif, 1 txt", passed.ToString());
    }

    [Fact]
    public void Many_kinds_of_other_files_are_told_shortly()
    {
        var passed = new PassedOver();
        Assert.Null(passed.ToString());
        for (int i = 0; i < 1000; i++)
            passed.Add($"a.{i}");
        foreach (string name in (string[])["b.gif", "b.gif", "Makefile", "c.of a sentence"])
            passed.Add(name);
        Assert.Equal(1004, passed.Count);
        Assert.InRange(passed.Kinds.Count, 100, 102);
        Assert.InRange(passed.ToString()!.Length, 60, 140);
    }

    [Fact]
    public void A_folder_without_pictures_is_told_once_and_last()
    {
        Make("in/a.jpg");
        Directory.CreateDirectory(At("empty"));
        var files = new InputTree([], [At("empty"), At("in")], new InputTreeOptions()).Groups().SelectMany(group => group.Files).ToList();
        Assert.Equal([At("in/a.jpg"), At("empty")], files.Select(file => file.Path));
        Assert.Contains("-r looks below", files[1].Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_lead_into_each_folder_once()
    {
        if (OperatingSystem.IsWindows())
            return; // links need a right there
        Make("in/a.jpg", "elsewhere/b.jpg");
        Directory.CreateSymbolicLink(At("in/circle"), At("in"));
        Directory.CreateSymbolicLink(At("in/x"), At("elsewhere"));
        Directory.CreateSymbolicLink(At("in/y"), At("elsewhere"));
        Assert.Equal(["a.jpg", "x/b.jpg"], Found(At("in")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("*.jpg", "a/b.JPG", true)]
    [InlineData("*.jpg", "a.jpg/b.png", false)]
    [InlineData("a/*.jpg", "a/b/c.jpg", false)]
    [InlineData("a/**/*.jpg", "a/c.jpg", true)]
    [InlineData("a/**/*.jpg", "a/b/d/c.jpg", true)]
    [InlineData("**/raw", "a/b/raw", true)]
    [InlineData("img?.{jpg,png}", "x/img1.png", true)]
    [InlineData("img?.{jpg,png}", "x/img12.png", false)]
    [InlineData("a+b(1).jpg", "a+b(1).jpg", true)]
    public void A_pattern_fits(string pattern, string path, bool fits) => Assert.Equal(fits, new Glob(pattern).Fits(path));

    [Theory]
    [InlineData("")]
    [InlineData("{a,b")]
    [InlineData("a}")]
    public void What_is_no_pattern_is_refused(string pattern) => Assert.Throws<ArgumentException>(() => new Glob(pattern));

    private static InputTreeOptions Recursive => new() { Recursive = true };

    private static InputTreeOptions Selecting(string[] include, string[] exclude) =>
        Recursive with { Selection = new InputSelection([.. include.Select(text => new Glob(text))], [.. exclude.Select(text => new Glob(text))]) };

    private List<string> Chosen(string[] include, string[] exclude)
        => [.. Places(new InputTree([], [_folder], Selecting(include, exclude))).Order(StringComparer.Ordinal)];

    private static List<string> Found(params string[] paths) => Places(new InputTree([], paths, Recursive));

    private static List<string> Places(InputTree tree) => [.. tree.Groups().SelectMany(group => group.Files).Select(file => file.RelativePath)];

    private void Make(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
            File.WriteAllBytes(At(name), []);
        }
    }

    private string At(string name) => Path.Combine(_folder, name);
}

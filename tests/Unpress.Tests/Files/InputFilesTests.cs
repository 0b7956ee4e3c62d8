using Unpress.Files;
using Unpress.Imaging;

namespace Unpress.Tests.Files;

public sealed class InputFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public InputFilesTests()
    {
        Directory.CreateDirectory(At("below/.hidden"));
        Directory.CreateDirectory(At("empty"));
        File.WriteAllBytes(At("b.jpg"), []);
        File.WriteAllText(At("notes.txt"), "no picture");
        File.WriteAllBytes(At(".secret.jpg"), []);
        File.WriteAllBytes(At("below/.hidden/c.jpg"), []);
        ImageFile.Save(new ImageBuffer(2, 2, ColourModel.Gray), At("below/picture.png"));
        File.Move(At("below/picture.png"), At("below/named-wrong.txt"));
        ImageFile.Save(new ImageBuffer(2, 2, ColourModel.Gray), At("a.done.png"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_a_folder_what_says_by_name_or_bytes_that_it_is_a_picture()
    {
        Assert.Equal(["a.done.png", "b.jpg"], Found(InputFiles.Find([_folder], recursive: false)));
        Assert.Equal(["a.done.png", "b.jpg", "below/named-wrong.txt"], Found(InputFiles.Find([_folder], recursive: true)));
    }

    [Fact]
    public void What_was_named_is_taken_once_whatever_it_is()
    {
        var found = InputFiles.Find([At("notes.txt"), At("a.done.png"), At("below/../notes.txt"), "nowhere.jpg", "-"], recursive: false);
        Assert.Equal([At("notes.txt"), At("a.done.png"), "nowhere.jpg", "-"], found.Select(input => input.Path));
        Assert.All(found, input => Assert.Null(input.Fault));
        Assert.True(found[^1].IsStandard);
    }

    [Fact]
    public void A_folder_without_pictures_is_a_fault()
    {
        Assert.Contains("-r looks below", Assert.Single(InputFiles.Find([At("empty")], recursive: false)).Fault, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(InputFiles.Find([At("empty")], recursive: true)).Fault);
    }

    [Fact]
    public void Each_folder_is_visited_once_whatever_links_lead_to_it()
    {
        if (OperatingSystem.IsWindows())
            return; // links need a right there
        Directory.CreateSymbolicLink(At("below/up"), _folder);
        Directory.CreateSymbolicLink(At("nowhere"), At("gone"));
        var found = InputFiles.Find([At("below")], recursive: true);
        Assert.Equal(3, found.Count);
        Assert.Equal(3, found.Select(input => File.ResolveLinkTarget(input.Path, true)?.FullName ?? Path.GetFileName(input.Path)).Distinct().Count());
    }

    [Fact]
    public void Pipes_are_passed_over()
    {
        if (!OperatingSystem.IsLinux())
            return; // no mkfifo
        using (var made = System.Diagnostics.Process.Start("mkfifo", At("pipe.jpg")))
            made.WaitForExit();
        Assert.Equal(["a.done.png", "b.jpg"], Found(InputFiles.Find([_folder], recursive: false)));
    }

    private static IEnumerable<string> Found(IEnumerable<InputFile> inputs) => inputs.Select(input => input.RelativePath);

    private string At(string name) => Path.Combine(_folder, name);
}

using Unpress.Studio.Jobs;

namespace Unpress.Studio.Tests.Jobs;

public sealed class StudioFolderTests
{
    [Fact]
    public void What_a_studio_left_that_was_killed_is_removed_by_the_next()
    {
        var left = Directory.CreateTempSubdirectory("unpress-");
        File.WriteAllText(Path.Combine(left.FullName, "studio.lock"), "");
        File.WriteAllText(Path.Combine(left.FullName, "somebodys picture"), "");
        var anothers = Directory.CreateTempSubdirectory("unpress-");
        try
        {
            using var running = new StudioFolder();
            Assert.False(left.Exists && Directory.Exists(left.FullName));
            Assert.True(Directory.Exists(anothers.FullName));

            using var second = new StudioFolder();
            Assert.True(Directory.Exists(running.Location));
        }
        finally
        {
            anothers.Delete();
        }
    }

    [Fact]
    public void It_goes_with_its_studio_and_is_closed_to_others()
    {
        string location;
        using (var folder = new StudioFolder())
        {
            location = folder.Location;
            File.WriteAllText(folder.NewPath(), "");
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(location));
        }

        Assert.False(Directory.Exists(location));
    }

    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\pictures\a.jpg", "a.jpg")]
    [InlineData("a\r\nX-Header: b.jpg", "aX-Header b.jpg")]
    [InlineData("...", "picture")]
    [InlineData("", "picture")]
    [InlineData(null, "picture")]
    public void Names_of_strangers_are_shown_without_what_could_harm(string? name, string expected) => Assert.Equal(expected, FileName.Shown(name));

    [Fact]
    public void Long_names_keep_their_ends()
    {
        string shown = FileName.Shown(new string('a', 300) + ".jpeg");
        Assert.Equal(120, shown.Length);
        Assert.EndsWith(".jpeg", shown, StringComparison.Ordinal);
    }
}

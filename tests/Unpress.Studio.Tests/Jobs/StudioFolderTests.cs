using Unpress.Studio.Jobs;

namespace Unpress.Studio.Tests.Jobs;

public sealed class StudioFolderTests
{
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

namespace Unpress.Base.Tests;

/// <summary>Real refusals of the system: their lines name the file, say what to do, and are not .NET's sentences.</summary>
public class SystemFaultTests
{
    [Fact]
    public void A_full_disk_is_said_with_what_to_do()
    {
        if (!OperatingSystem.IsLinux())
            return; // it has a device for this
        var error = Assert.ThrowsAny<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write(new byte[100_000]);
            full.Flush();
        });

        Assert.Equal("the disk is full: make room, or write to another one", SystemFault.Reason(error));
        Assert.Equal("/dev/full: the disk is full: make room, or write to another one", UnpressException.Line(error));
        Assert.Equal(SystemFault.Reason(error), UnpressException.Line(error, "/dev/full"));
        Assert.True(SystemFault.IsOfSystem(error));
    }

    [Fact]
    public void A_name_that_is_too_long_is_said()
    {
        string name = new('n', 300);
        var error = Assert.ThrowsAny<IOException>(() => File.OpenRead(Path.Combine(Path.GetTempPath(), name)));

        if (OperatingSystem.IsLinux())
            Assert.StartsWith("the name is too long", SystemFault.Reason(error), StringComparison.Ordinal);
        string path = Path.Combine(Path.GetTempPath(), name);
        var unwritten = Assert.Throws<InvalidFileException>(() => AtomicFile.Write(path, file => File.WriteAllText(file, "")));
        Assert.DoesNotContain("specified", unwritten.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), "unpress-no-such-folder", "a.txt");

        Assert.Equal($"{path}: its folder does not exist", UnpressException.Line(Assert.ThrowsAny<IOException>(() => File.OpenRead(path))));
        path = Path.Combine(Path.GetTempPath(), "unpress-no-such-file");
        Assert.Equal($"{path}: no such file", UnpressException.Line(Assert.ThrowsAny<IOException>(() => File.OpenRead(path))));
    }

    [Fact]
    public void A_file_that_another_holds_is_said()
    {
        string path = Path.GetTempFileName();
        using (var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var error = Assert.ThrowsAny<IOException>(() => new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None));
            Assert.True(SystemFault.IsInUse(error));
        }

        File.Delete(path);
    }

    [Fact]
    public void A_message_of_ours_stays_as_it_is()
    {
        var error = new IOException("a 'quoted' word");

        Assert.Equal("a 'quoted' word", SystemFault.Line(error));
        Assert.False(SystemFault.IsOfSystem(error));
    }
}

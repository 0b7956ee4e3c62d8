using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Tests;

public class SavingTests
{
    [Theory]
    [InlineData("a.png")]
    [InlineData("a.tif")]
    [InlineData("ä b ü 图.webp")]
    [InlineData("a.jpg")]
    [InlineData("a.ppm")]
    public void Files_and_memory_hold_the_same_bytes_and_nothing_else_is_left(string name)
    {
        using var folder = new TemporaryFolder();
        ImageBuffer image = Pictures.Make(40, 30);
        ImageFile.Save(image, folder.File(name));
        Assert.Equal([name], folder.Names);
        byte[] memory = ImageFile.Encode(image, new SaveOptions { Format = ImageFormats.FromExtension(name) });
        Assert.Equal(memory, File.ReadAllBytes(folder.File(name)));
        Assert.Equal(ImageFile.Load(memory, "m").Data, ImageFile.Load(folder.File(name)).Data);
    }

    [Fact]
    public void An_existing_file_is_replaced_by_a_whole_one()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.png"), "old");
        ImageFile.Save(Pictures.Make(5, 5), folder.File("a.png"));
        Assert.Equal(5, ImageFile.Load(folder.File("a.png")).Width);
        Assert.Equal(["a.png"], folder.Names);
    }

    [Fact]
    public void Failures_name_the_file_and_leave_what_was_there()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.jpg"), "old");
        var refused = Assert.Throws<InvalidFileException>(() => ImageFile.Save(Pictures.Make(5, 5, alpha: true), folder.File("a.jpg")));
        Assert.Contains("transparency", refused.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder.File("a.jpg")));

        foreach (string name in new[] { "missing/a.png", "missing/a.tif" })
        {
            var error = Assert.Throws<InvalidFileException>(() => ImageFile.Save(Pictures.Make(5, 5), folder.File(name)));
            Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        }
        Directory.CreateDirectory(folder.File("folder.png"));
        Assert.Throws<InvalidFileException>(() => ImageFile.Save(Pictures.Make(5, 5), folder.File("folder.png")));
        Assert.Contains(".xyz", Assert.Throws<InvalidFileException>(
            () => ImageFile.Save(Pictures.Make(5, 5), folder.File("a.xyz"))).Message, StringComparison.Ordinal);
        Assert.Equal(["a.jpg", "folder.png"], folder.Names);
    }

    [Fact]
    public void A_full_disk_is_an_error_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InvalidFileException>(() => AtomicFile.Write(folder.File("a.bin"), temporary =>
        {
            File.WriteAllText(temporary, "half");
            throw new IOException("No space left on device");
        }));
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Wrong_options_are_the_callers_mistake()
    {
        ImageBuffer image = Pictures.Make(5, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFile.Encode(image, new SaveOptions { Quality = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFile.Encode(image, new SaveOptions { BitsPerSample = 12 }));
    }

    [Fact]
    public void A_device_is_never_replaced()
    {
        var error = Assert.Throws<InvalidFileException>(() => AtomicFile.Write("/dev/null", _ => throw new InvalidOperationException("not reached")));
        Assert.Contains("/dev/null", error.Message, StringComparison.Ordinal);
    }
}

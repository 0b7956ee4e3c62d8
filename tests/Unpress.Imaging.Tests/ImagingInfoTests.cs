namespace Unpress.Imaging.Tests;

public class ImagingInfoTests
{
    [Fact]
    public void It_names_versions_the_path_and_formats()
    {
        ImagingInfo info = ImagingInfo.Read();
        Assert.Equal("libvips", info.Vips.Name);
        Assert.Matches(@"^8\.\d+\.\d+$", info.Vips.Version);
        Assert.True(File.Exists(info.Vips.Path), info.Vips.Path);
        Assert.All(info.Parts, part => Assert.Matches(@"^\w+ [0-9a-f]", part));
        Assert.Contains(info.Parts, part => part.StartsWith("aom 3.", StringComparison.Ordinal));
        Assert.Superset(new HashSet<string> { "jpeg", "png", "tiff", "webp", "avif", "bmp", "ppm" }, info.Readers.ToHashSet());
        Assert.Superset(new HashSet<string> { "jpeg", "png", "tiff", "webp", "avif", "bmp", "ppm" }, info.Writers.ToHashSet());
    }

    /// <summary>A second one, such as a system's own, would make two worlds of types and options in one process.</summary>
    [Fact]
    public void There_is_one_libvips_in_the_process_and_it_is_the_packages()
    {
        ImagingInfo info = ImagingInfo.Read();
        ImageFile.Load(ImageFile.Encode(Pictures.Make(9, 7)), "a picture");
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        string[] loaded = [.. process.Modules.Cast<System.Diagnostics.ProcessModule>().Select(module => module.FileName)
            .Where(path => Path.GetFileName(path).Contains("libvips", StringComparison.Ordinal))];
        Assert.Equal([info.Vips.Path], loaded);
        Assert.Contains("runtimes", info.Vips.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_are_named_or_the_way_to_get_them()
    {
        ImagingInfo info = ImagingInfo.Read();
        Assert.Equal(["heif", "jp2"], info.Programs.Select(program => program.Format));
        foreach (PictureProgramState program in info.Programs)
        {
            Assert.Contains("apt-get install", program.Remedy, StringComparison.Ordinal);
            Assert.Equal(program.Reader is not null, info.Readers.Contains(program.Format));
            Assert.Equal(program.Writer is not null, info.Writers.Contains(program.Format));
        }
    }
}

using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Unpress.Testing;

namespace Unpress.Imaging.Tests;

public class NativeTests
{
    [Fact]
    public void The_native_class_mirrors_the_bridges_header_name_for_name()
    {
        string header = File.ReadAllText(RepoPaths.Combine("native", "image_bridge.h"));
        string[] inHeader = [.. Regex.Matches(header, @"IMAGE_API int32_t (\w+)\(([^)]*)\)")
            .Select(match => $"{match.Groups[1].Value}/{Arity(match.Groups[2].Value)}").Order()];
        string[] inClass = [.. typeof(ImageFile).Assembly.GetType("Unpress.Imaging.Native")!
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(method => method.Name.StartsWith("image_", StringComparison.Ordinal))
            .Select(method => $"{method.Name}/{method.GetParameters().Length}").Order()];
        Assert.True(inHeader.Length > 10, "the header was not understood");
        Assert.Equal(inHeader, inClass);
    }

    [Theory]
    [InlineData("ImageFacts", 48)]
    [InlineData("ImagePicture", 96)]
    [InlineData("ImageEncoding", 24)]
    public void Structures_have_the_size_that_the_c_compiler_gives_them(string name, int bytes) =>
        Assert.Equal(bytes, Marshal.SizeOf(typeof(ImageFile).Assembly.GetType($"Unpress.Imaging.{name}")!));

    [Fact]
    public void The_information_names_versions_paths_and_formats()
    {
        ImagingInfo info = ImagingInfo.Read();
        Assert.True(File.Exists(info.Bridge), info.Bridge);
        Assert.Equal(["libvips", "libjpeg", "libwebp"], info.Libraries.Select(library => library.Name));
        Assert.All(info.Libraries, library =>
        {
            Assert.Matches(@"\d+\.\d+", library.Version);
            Assert.True(File.Exists(library.Path), $"{library.Name}: {library.Path}");
        });
        Assert.Superset(new HashSet<string> { "jpeg", "png", "tiff", "webp", "bmp", "ppm" }, info.Readers.ToHashSet());
        Assert.Superset(new HashSet<string> { "jpeg", "png", "tiff", "webp", "bmp", "ppm" }, info.Writers.ToHashSet());
    }

    private static int Arity(string parameters) => parameters.Trim() is "" or "void" ? 0 : parameters.Split(',').Length;
}

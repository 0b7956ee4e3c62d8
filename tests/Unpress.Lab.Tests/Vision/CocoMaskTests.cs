using System.Text.Json;
using Unpress.Imaging;
using Unpress.Vision.Annotations;

namespace Unpress.Tests.Vision;

/// <summary>By hand, and against what <c>tests/parity/vision_numbers.py</c> computed.</summary>
public sealed class CocoMaskTests : IDisposable
{
    private const string Square = "[[1,1,3,1,3,3,1,3]]";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-masks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_lengths_of_both_forms_equal_an_independent_computation()
    {
        using var numbers = Numbers();
        foreach (var one in numbers.RootElement.GetProperty("regions").GetProperty("runs").EnumerateArray())
        {
            int width = one.GetProperty("width").GetInt32(), height = one.GetProperty("height").GetInt32();
            string plain = $$"""{"size":[{{height}},{{width}}],"counts":{{one.GetProperty("counts").GetRawText()}}}""";
            string packed = $$"""{"size":[{{height}},{{width}}],"counts":{{one.GetProperty("packed").GetRawText()}}}""";
            byte[] mask = Mask(plain, width, height);
            Assert.Equal(mask, Mask(packed, width, height));
            Assert.Equal(one.GetProperty("area").GetInt32(), mask.Count(pixel => pixel == 1));
            Assert.Equal(Flat(one.GetProperty("rows")), mask[..(2 * width)]);
        }
    }

    [Fact]
    public void Polygons_equal_the_definition_but_next_to_their_edges()
    {
        using var numbers = Numbers();
        foreach (var one in numbers.RootElement.GetProperty("regions").GetProperty("polygons").EnumerateArray())
        {
            byte[] expected = Flat(one.GetProperty("mask"));
            byte[] mask = Mask($"[{one.GetProperty("polygon").GetRawText()}]", one.GetProperty("width").GetInt32(), one.GetProperty("height").GetInt32());
            Assert.Equal(expected, mask.Select((pixel, i) => expected[i] == 255 ? (byte)255 : pixel));
        }
    }

    [Fact]
    public void A_square_of_whole_pixels_is_these_pixels_whichever_way_it_is_told()
    {
        byte[] expected = [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0];
        Assert.Equal(expected, Mask(Square, 4, 3));
        Assert.Equal(expected, Mask("[[1,3,3,3,3,1,1,1,1,3]]", 4, 3)); // the other way, and closed
        Assert.Equal(expected, Mask("[[1,1,2,1,2,3,1,3],[2,1,3,1,3,3,2,3]]", 4, 3)); // of two parts
        Assert.Equal(expected, Mask("[[1,1,3,1,3,3,1,3],[1,1,3,1,3,3,1,3]]", 4, 3)); // parts are added, not taken away
        Assert.Equal(expected, Mask("[[1,1,3,1,3,3,1,3],[39,39,40,39,40,40,39,40]]", 4, 3)); // one is outside
        Assert.All(Mask("[[-5,-5,9,-5,9,9,-5,9]]", 4, 3), pixel => Assert.Equal(1, pixel));
    }

    [Fact]
    public void Later_annotations_lie_over_earlier_ones_and_classes_are_those_of_the_list()
    {
        string annotations = $$"""
            {"image_id":1,"category_id":9,"segmentation":{"size":[3,4],"counts":[0,12]},"iscrowd":1},
            {"image_id":1,"category_id":2,"segmentation":{{Square}}}
            """;
        string path = Write(annotations, 4, 3);
        Assert.Equal<byte>([2, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 2], CocoMasks.Read(path, null).Of("a").Data);
        Assert.Equal<byte>([2, 2, 2, 2, 2, 0, 0, 2, 2, 0, 0, 2], CocoMasks.Read(path, ["cat", "background", "dog"]).Of("a").Data);
        Assert.Equal<byte>([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0], CocoMasks.Read(path, ["background", "cat"]).Of("a").Data);
        Assert.Equal<byte>([255, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0, 255], CocoMasks.Read(path, ["cat"]).Of("a").Data);
        Assert.Null(CocoMasks.Read(path, null).Lacks("a"));
        Assert.Contains("x.json", CocoMasks.Read(path, null).Lacks("b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"size":[4,3],"counts":[12]}""", "3x4")]
    [InlineData("""{"size":[3,4],"counts":[5]}""", "do not fill")]
    [InlineData("""{"size":[3,4],"counts":[13,-1]}""", "do not fill")]
    [InlineData("""{"size":[3,4],"counts":"P"}""", "within a number")]
    [InlineData("""{"size":[3,4],"counts":"ü"}""", "does not belong")]
    [InlineData("""{"size":[3,4]}""", "masks")]
    [InlineData("[[1,2,3,4]]", "three corners")]
    [InlineData("[[1,1,3,1,1e9,3,1,3]]", "of picture a, a polygon with a corner at 1E+09, far outside of 4x3")]
    [InlineData("[[1,1,3,-1e400,3,3,1,3]]", "far outside")]
    [InlineData("7", "masks")]
    public void Damaged_regions_are_refused_with_the_file(string segmentation, string says)
    {
        string path = Write($$"""{"image_id":1,"category_id":2,"segmentation":{{segmentation}}}""", 4, 3);
        var error = Assert.Throws<InvalidFileException>(() => CocoMasks.Read(path, null));
        Assert.Contains("x.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private byte[] Mask(string segmentation, int width, int height) =>
        CocoMasks.Read(Write($$"""{"image_id":1,"category_id":2,"segmentation":{{segmentation}}}""", width, height), null).Of("a").Data;

    private string Write(string annotations, int width, int height)
    {
        string path = Path.Combine(_folder.FullName, "x.json");
        File.WriteAllText(path, $$"""
            {"images":[{"id":1,"file_name":"a.jpg","width":{{width}},"height":{{height}}}],
             "categories":[{"id":9,"name":"dog"},{"id":2,"name":"cat"}],
             "annotations":[{{annotations}}]}
            """);
        return path;
    }

    private static byte[] Flat(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray().Select(one => one.GetByte()))];

    private static JsonDocument Numbers() => JsonDocument.Parse(File.ReadAllText(RepoPaths.Combine("tests", "parity", "vision_numbers.json")));
}

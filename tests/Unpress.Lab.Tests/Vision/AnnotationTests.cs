using Unpress.Imaging;
using Unpress.Vision;
using Unpress.Vision.Annotations;

namespace Unpress.Tests.Vision;

public sealed class AnnotationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-annotations-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Coco_is_read()
    {
        File.WriteAllText(At("instances.json"), """
            {"images":[{"id":7,"file_name":"val/000000000007.jpg","width":9,"height":9},{"id":8,"file_name":"empty.jpg"}],
             "categories":[{"id":18,"name":"dog"},{"id":1,"name":"person"}],
             "annotations":[{"id":1,"image_id":7,"category_id":18,"bbox":[1.5,2,3,4],"area":10.5,"iscrowd":0},
                            {"id":2,"image_id":7,"category_id":1,"bbox":[0,0,9,9],"iscrowd":1}]}
            """);
        var read = BoxAnnotations.Read(At("instances.json"));
        Assert.Equal(["person", "dog"], read.Classes); // by number
        Assert.Equal(
            [new TrueBox(1, new Box(1.5, 2, 4.5, 6), Area: 10.5), new TrueBox(0, new Box(0, 0, 9, 9), Ignored: true, Crowd: true)],
            read.Pictures["000000000007"]);
        Assert.Empty(read.Pictures["empty"]);
        Assert.Equal((null, true), (read.Lacks("empty"), read.Lacks("other")!.Contains("instances.json", StringComparison.Ordinal)));
    }

    [Fact]
    public void Voc_is_read()
    {
        File.WriteAllText(At("2007_000027.xml"), """
            <annotation><filename>2007_000027.jpg</filename>
              <object><name>person</name><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>10</xmax><ymax>20</ymax></bndbox>
                <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part></object>
              <object><name>cat</name><difficult>1</difficult><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>6</xmax><ymax>6</ymax></bndbox></object>
            </annotation>
            """);
        var read = BoxAnnotations.Read(_folder.FullName);
        Assert.Equal(["cat", "person"], read.Classes);
        Assert.Equal([new TrueBox(1, new Box(0, 1, 10, 20)), new TrueBox(0, new Box(4, 4, 6, 6), Ignored: true)], read.Pictures["2007_000027"]);
    }

    [Fact]
    public void Masks_are_read_from_colours_and_from_numbers()
    {
        // The first colours of VOC's palette as its development kit lists them, and that of the border.
        (byte, byte, byte)[] colours = [(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128), (192, 0, 0), (0, 64, 128), (224, 224, 192)];
        byte[] classes = [0, 1, 2, 3, 4, 9, 20, 255];
        var colour = new ImageBuffer(8, 1, ColourModel.Rgb);
        for (int i = 0; i < colours.Length; i++)
            (colour.Data[3 * i], colour.Data[(3 * i) + 1], colour.Data[(3 * i) + 2]) = colours[i];
        ImageFile.Save(colour, At("colour.png"));
        Assert.Equal(classes, VocMask.Read(At("colour.png")).Data);
        var gray = new ImageBuffer(8, 1, ColourModel.Gray);
        classes.CopyTo(gray.Data, 0);
        ImageFile.Save(gray, At("gray.png"));
        Assert.Equal(classes, VocMask.Read(At("gray.png")).Data);
        colour.Data[0] = 1;
        ImageFile.Save(colour, At("other.png"));
        Assert.Contains("#010000", Assert.Throws<InvalidFileException>(() => VocMask.Read(At("other.png"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no json")]
    [InlineData("""{"images":[],"categories":[],"annotations":[{"image_id":1,"category_id":5,"bbox":[1,2,3,4]}]}""")]
    [InlineData("""{"images":[],"categories":[{"id":5,"name":"x"}],"annotations":[{"image_id":1,"category_id":5,"bbox":[1]}]}""")]
    public void Damaged_files_are_named(string json)
    {
        File.WriteAllText(At("x.json"), json);
        Assert.Contains("x.json", Assert.Throws<InvalidFileException>(() => BoxAnnotations.Read(At("x.json"))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidFileException>(() => BoxAnnotations.Read(At("absent.json")));
    }

    [Fact]
    public void A_folder_without_annotations_and_a_damaged_one_are_named()
    {
        Assert.Contains("no .xml", Assert.Throws<InvalidFileException>(() => BoxAnnotations.Read(_folder.FullName)).Message, StringComparison.Ordinal);
        File.WriteAllText(At("a.xml"), "<annotation><object><name>x</name></object></annotation>");
        Assert.Contains("a.xml", Assert.Throws<InvalidFileException>(() => BoxAnnotations.Read(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}

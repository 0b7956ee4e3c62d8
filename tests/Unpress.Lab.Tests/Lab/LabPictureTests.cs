using Unpress.Imaging;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;

namespace Unpress.Tests.Lab;

public sealed class LabPictureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-set-").FullName;

    public LabPictureTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "set", "sub"));
        foreach (string name in new[] { "a", "b", "sub/c" })
            ImageFile.Save(new ImageBuffer(8, 8, ColourModel.Rgb), Path.Combine(_folder, "set", name + ".png"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("b\nsub/c.png\n", "b, sub/c")]
    [InlineData("c\n\na.png\n", "a, sub/c")]
    [InlineData("sub/c", "sub/c")]
    public void A_list_says_which_pictures_belong_to_a_set(string list, string expected)
        => Assert.Equal(expected, string.Join(", ", LabPicture.Of(Recipe(list)).Select(picture => picture.Name)));

    [Fact]
    public void What_a_list_names_and_the_folder_lacks_is_named()
    {
        var missing = Assert.Throws<InvalidFileException>(() => LabPicture.Of(Recipe("a\nd\n")));
        Assert.Contains("1 of its pictures are not in", missing.Message, StringComparison.Ordinal);
        Assert.EndsWith(": d", missing.Message, StringComparison.Ordinal);
    }

    private LabRecipe Recipe(string list)
    {
        string file = Path.Combine(_folder, "list.txt");
        File.WriteAllText(file, list);
        return LabRecipe.Parse(
            $$"""
            name: x
            sets: [{ name: own, folder: {{Path.Combine(_folder, "set")}}, list: {{file}} }]
            compression: [{ codec: jpeg, settings: [30] }]
            enhancers: [{ name: lite, model: lite }]
            """,
            "x.yaml");
    }
}

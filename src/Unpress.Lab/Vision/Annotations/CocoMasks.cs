using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

/// <summary>
/// Classes of pixels from COCO's <c>instances_*.json</c> (polygons, run lengths, packed run lengths): a later annotation lies over an earlier
/// one, and a crowd is a region of its category like any other.
/// </summary>
public sealed class CocoMasks : IMasks
{
    private const string Background = "background";

    private readonly string _path;
    private readonly byte _background;
    private readonly Dictionary<string, Picture> _pictures;

    private CocoMasks(string path, byte background, Dictionary<string, Picture> pictures) =>
        (_path, _background, _pictures) = (path, background, pictures);

    /// <param name="classes">
    /// The model's, in its order. What they do not name, and what has no annotation, is "background" if they have that, else does not count.
    /// Null: 0 is the background, the categories follow by number.
    /// </param>
    /// <exception cref="InvalidFileException">Missing, or not of this form.</exception>
    public static CocoMasks Read(string path, IReadOnlyList<string>? classes) => CocoFile.Read(path, "masks", root =>
    {
        var categories = CocoFile.Categories(root);
        List<string> names = [.. classes ?? [Background, .. categories.Select(one => one.Name)]];
        if (names.Count > VocMask.Nothing)
            throw new InvalidDataException($"{names.Count} classes, can be {VocMask.Nothing} at most");
        byte background = Place(names, Background, VocMask.Nothing);
        var classOf = categories.ToDictionary(one => one.Id, one => Place(names, one.Name, background));
        var regions = root.GetProperty("annotations").EnumerateArray().ToLookup(one => one.GetProperty("image_id").GetInt64());
        return new CocoMasks(path, background, root.GetProperty("images").EnumerateArray().ToDictionary(
            CocoFile.Name, image => PictureOf(image, regions[image.GetProperty("id").GetInt64()], classOf)));
    });

    public string? Lacks(string picture) => _pictures.ContainsKey(picture) ? null : $"is not in {_path}";

    public ImageBuffer Of(string picture)
    {
        if (!_pictures.TryGetValue(picture, out var found))
            throw new InvalidFileException(_path, $"has no picture {picture}");
        var mask = new ImageBuffer(found.Width, found.Height, ColourModel.Gray);
        Array.Fill(mask.Data, _background);
        foreach (var (kind, region) in found.Regions)
        {
            bool[] pixels = region.Pixels(found.Width, found.Height);
            for (int i = 0; i < pixels.Length; i++)
            {
                if (pixels[i])
                    mask.Data[(i % found.Height * found.Width) + (i / found.Height)] = kind;
            }
        }

        return mask;
    }

    private static Picture PictureOf(JsonElement image, IEnumerable<JsonElement> annotations, Dictionary<long, byte> classOf)
    {
        int width = image.GetProperty("width").GetInt32(), height = image.GetProperty("height").GetInt32();
        if (width < 1 || height < 1 || (long)width * height > Array.MaxLength)
            throw new InvalidDataException($"a picture of {width}x{height}");
        try
        {
            return new Picture(width, height,
                [.. annotations.Select(one => (CocoFile.Of(classOf, one), CocoRegion.Read(one.GetProperty("segmentation"), width, height)))]);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"of picture {CocoFile.Name(image)}, {error.Message}", error);
        }
    }

    private static byte Place(List<string> names, string name, byte otherwise) => names.IndexOf(name) is >= 0 and var place ? (byte)place : otherwise;

    private sealed record Picture(int Width, int Height, IReadOnlyList<(byte Class, CocoRegion Region)> Regions);
}

using System.Collections.Concurrent;
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

/// <summary>What each pixel of the pictures of a set shows. Pictures are known by their file name without folder and extension.</summary>
public interface IMasks
{
    /// <summary>Why a picture cannot be judged; null where it can.</summary>
    string? Lacks(string picture);

    /// <returns>A gray picture of classes; <see cref="VocMask.Nothing"/> does not count.</returns>
    /// <exception cref="InvalidFileException">Missing or damaged.</exception>
    ImageBuffer Of(string picture);
}

/// <summary>
/// PASCAL VOC's folder <c>SegmentationClass</c>: one PNG a picture, in which a pixel's place in the palette is its class and the last one, 255,
/// does not count. Gray PNG of the same numbers do as well.
/// </summary>
public static class VocMask
{
    /// <summary>The number that does not count.</summary>
    public const byte Nothing = 255;

    private static readonly Dictionary<int, byte> ClassOf = Enumerable.Range(0, 256).ToDictionary(Colour, index => (byte)index);

    /// <returns>A gray picture of classes.</returns>
    /// <exception cref="InvalidFileException">Missing, or in colours that are not VOC's.</exception>
    public static ImageBuffer Read(string file)
    {
        if (!File.Exists(file))
            throw new InvalidFileException(file, "no such file; it is the annotation of a picture of this name");
        var image = ImageFile.Load(file);
        if (image.BitsPerSample != 8 || image.HasAlpha || image.Model == ColourModel.Cmyk)
            throw new InvalidFileException(file, "is no mask of classes: 8-bit gray, or VOC's palette");
        return image.Model == ColourModel.Gray ? image : FromPalette(image, file);
    }

    private static ImageBuffer FromPalette(ImageBuffer image, string file)
    {
        var map = new ImageBuffer(image.Width, image.Height, ColourModel.Gray);
        for (int i = 0; i < map.Data.Length; i++)
        {
            int colour = (image.Data[3 * i] << 16) | (image.Data[(3 * i) + 1] << 8) | image.Data[(3 * i) + 2];
            map.Data[i] = ClassOf.TryGetValue(colour, out byte found)
                ? found
                : throw new InvalidFileException(file, $"has the colour #{colour:X6}, which is not in VOC's palette");
        }

        return map;
    }

    /// <summary>VOC's palette: the bits of the index, three at a time, are the highest bits of red, green and blue, and so on downwards.</summary>
    private static int Colour(int index)
    {
        int colour = 0;
        for (int bit = 7; bit >= 0; bit--, index >>= 3)
        {
            for (int band = 0; band < 3; band++)
                colour |= ((index >> band) & 1) << (bit + (8 * (2 - band)));
        }

        return colour;
    }
}

/// <summary>A folder of masks as <see cref="VocMask"/> reads them.</summary>
public sealed class VocMasks(string folder) : IMasks
{
    private readonly ConcurrentDictionary<string, string?> _faults = new();

    public string? Lacks(string picture) => _faults.GetOrAdd(picture, Fault);

    public ImageBuffer Of(string picture) => VocMask.Read(Mask(picture));

    private string? Fault(string picture)
    {
        if (!File.Exists(Mask(picture)))
            return $"has no mask {Mask(picture)}";
        try
        {
            VocMask.Read(Mask(picture));
            return null;
        }
        catch (InvalidFileException error)
        {
            return error.Message;
        }
    }

    private string Mask(string picture) => Path.Combine(folder, $"{picture}.png");
}

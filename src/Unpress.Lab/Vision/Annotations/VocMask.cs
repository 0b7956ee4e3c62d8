using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

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

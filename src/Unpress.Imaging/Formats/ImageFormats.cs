namespace Unpress.Imaging.Formats;

/// <summary>Names, extensions and signatures of the formats.</summary>
public static class ImageFormats
{
    /// <summary>Bytes that <see cref="Detect"/> wants to see.</summary>
    public const int SignatureLength = 32;

    private static readonly (ImageFormat Format, string Name, string Label, string[] Extensions)[] Table =
    [
        (ImageFormat.Jpeg, "jpeg", "JPEG", [".jpg", ".jpeg", ".jpe", ".jfif"]),
        (ImageFormat.Png, "png", "PNG", [".png"]),
        (ImageFormat.Webp, "webp", "WebP", [".webp"]),
        (ImageFormat.Tiff, "tiff", "TIFF", [".tif", ".tiff"]),
        (ImageFormat.Heic, "heif", "HEIC", [".heic", ".heif"]),
        (ImageFormat.Avif, "avif", "AVIF", [".avif"]),
        (ImageFormat.Ppm, "ppm", "PPM", [".ppm", ".pgm", ".pnm"]),
        (ImageFormat.Bmp, "bmp", "BMP", [".bmp"]),
        (ImageFormat.Jp2, "jp2", "JPEG 2000", [".jp2", ".j2k"]),
    ];

    /// <summary>All extensions, with dot and in lower case, that a picture may be saved under.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Table.SelectMany(row => row.Extensions)];

    /// <summary>The short lower-case name, as in <see cref="ImageMetadata.SourceFormat"/>.</summary>
    public static string Name(ImageFormat format) => Table.First(row => row.Format == format).Name;

    /// <summary>The name for people: "WebP".</summary>
    public static string Label(ImageFormat format) => Table.First(row => row.Format == format).Label;

    /// <summary>The same of a short name; an unknown one as it is.</summary>
    public static string Label(string name) => Table.FirstOrDefault(row => row.Name == name).Label ?? name;

    /// <summary>The usual extension, with dot.</summary>
    public static string Extension(ImageFormat format) => Table.First(row => row.Format == format).Extensions[0];

    /// <summary>The format an output file's extension asks for; null when unknown. Input is never judged by its extension.</summary>
    public static ImageFormat? FromExtension(string path)
    {
        string extension = Path.GetExtension(path);
        foreach (var row in Table)
        {
            if (row.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
                return row.Format;
        }
        return null;
    }

    /// <summary>The format that the first bytes of a file announce; null for anything that is not on this list.</summary>
    public static ImageFormat? Detect(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ImageFormat.Jpeg;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]))
            return ImageFormat.Png;
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8))
            return ImageFormat.Webp;
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) || head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8))
            return ImageFormat.Tiff;
        if (head.Length >= 16 && head[4..].StartsWith("ftyp"u8))
            return DetectHeif(head[8..]);
        if (head.StartsWith("BM"u8) && head.Length >= 26)
            return ImageFormat.Bmp;
        if (head.Length >= 3 && head[0] == 'P' && head[1] is >= (byte)'1' and <= (byte)'6' && head[2] is 9 or 10 or 13 or 32)
            return ImageFormat.Ppm;
        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 12, (byte)'j', (byte)'P', 32, 32])
            || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]))
            return ImageFormat.Jp2;
        return null;
    }

    /// <summary>The major brand, or for the neutral mif1 the compatible ones that the head shows.</summary>
    private static ImageFormat? DetectHeif(ReadOnlySpan<byte> brands)
    {
        for (int at = 0; at + 4 <= brands.Length; at += at == 0 ? 8 : 4)
        {
            ReadOnlySpan<byte> brand = brands.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
                return ImageFormat.Avif;
            if (brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("heim"u8)
                || brand.SequenceEqual("heis"u8) || brand.SequenceEqual("hevc"u8))
                return ImageFormat.Heic;
        }
        return brands.StartsWith("mif1"u8) || brands.StartsWith("msf1"u8) ? ImageFormat.Heic : null;
    }
}

/// <summary>The picture formats that are read and written.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    Webp,
    Tiff,

    /// <summary>HEIC: HEVC in a HEIF container.</summary>
    Heic,
    Avif,

    /// <summary>Portable anymap: PGM for gray, PPM for RGB.</summary>
    Ppm,
    Bmp,

    /// <summary>JPEG 2000.</summary>
    Jp2,
}

/// <summary>What each format can hold. Nothing is dropped in silence: what does not fit is refused, with formats that would do.</summary>
internal static class FormatCapacity
{
    public static void Check(ImageBuffer image, string name, ImageFormat format)
    {
        string label = ImageFormats.Label(format);
        if (image.HasAlpha && format is (ImageFormat.Jpeg or ImageFormat.Ppm))
            throw new InvalidFileException(name, $"{label} cannot hold transparency; save as PNG, TIFF or WebP", fault: FailureCode.Unsupported);
        if (image.Model == ColourModel.Cmyk && format is not (ImageFormat.Jpeg or ImageFormat.Tiff))
            throw new InvalidFileException(name, $"{label} cannot hold CMYK; save as TIFF or JPEG", fault: FailureCode.Unsupported);
        if (image.Model == ColourModel.Cmyk && image.HasAlpha && format != ImageFormat.Tiff)
            throw new InvalidFileException(name, "CMYK with transparency can only be saved as TIFF", fault: FailureCode.Unsupported);
        int side = format switch { ImageFormat.Webp => 16383, ImageFormat.Jpeg => 65500, ImageFormat.Heic or ImageFormat.Avif => 16384, _ => int.MaxValue };
        if (image.Width > side || image.Height > side)
            throw new InvalidFileException(
                name, $"{image.Width}x{image.Height} pixels; {label} holds at most {side} a side; save as PNG or TIFF", fault: FailureCode.Unsupported);
    }

    /// <summary>The depth to write when <paramref name="wanted"/> was asked for.</summary>
    public static int Bits(ImageFormat format, int wanted) =>
        format is ImageFormat.Jpeg or ImageFormat.Webp or ImageFormat.Bmp ? 8 : wanted;
}

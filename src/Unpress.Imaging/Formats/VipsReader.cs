using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>Files that libvips opens, decoded straight into the buffer and turned upright on the way.</summary>
internal static unsafe class VipsReader
{
    public static ImageBuffer Read(string path, ImageFormat format, ImageLimits limits)
    {
        try
        {
            using VipsImage opened = VipsImage.Open(path, null, 0, VipsFormat.ForReading(format));
            return Decode(opened, path, format, limits, () => FileBytes.Open(path, TiffExif.Extract));
        }
        catch (NativeImageException e)
        {
            throw Damaged(path, format, e);
        }
    }

    public static ImageBuffer Read(ReadOnlySpan<byte> bytes, string name, ImageFormat format, ImageLimits limits)
    {
        try
        {
            fixed (byte* input = bytes)
            {
                using VipsImage opened = VipsImage.Open(null, input, bytes.Length, VipsFormat.ForReading(format));
                using var file = new UnmanagedMemoryStream(input, bytes.Length);
                return Decode(opened, name, format, limits, () => TiffExif.Extract(file));
            }
        }
        catch (NativeImageException e)
        {
            throw Damaged(name, format, e);
        }
    }

    private static InvalidFileException Damaged(string name, ImageFormat format, NativeImageException e) =>
        new(name, $"cannot be read as {ImageFormats.Name(format)}; damaged, cut off or of an unknown kind ({e.Message})", e);

    /// <param name="tiffExif">Finds the EXIF of a TIFF.</param>
    private static ImageBuffer Decode(VipsImage opened, string name, ImageFormat format, ImageLimits limits, Func<byte[]?> tiffExif)
    {
        ImageFacts facts = opened.Facts;
        limits.Check(name, facts.Width, facts.Height);
        var model = (ColourModel)facts.Model;
        int colours = model switch { ColourModel.Gray => 1, ColourModel.Rgb => 3, _ => 4 };
        int orientation = facts.Orientation is >= 1 and <= 8 ? facts.Orientation : 1;
        bool turned = orientation >= 5;
        var image = new ImageBuffer(
            turned ? facts.Height : facts.Width, turned ? facts.Width : facts.Height, model, facts.Bands > colours, facts.Bits)
        {
            Metadata = new ImageMetadata
            {
                SourceFormat = ImageFormats.Name(format),
                Icc = opened.Metadata(0),
                Exif = opened.Metadata(1) is { } exif ? MetadataRules.WithoutPrefix(exif) : null,
                Xmp = opened.Metadata(2),
                WasPalette = facts.Palette != 0,
                Pages = facts.Pages,
                PixelsPerMillimetreX = facts.XRes,
                PixelsPerMillimetreY = facts.YRes,
            },
        };
        if (format == ImageFormat.Tiff)
            image.Metadata.Exif ??= tiffExif();
        opened.Read(image, orientation);
        // HEIF turns its pixels by a property of its own and leaves the EXIF tag, which would turn them again.
        if (orientation != 1 || (image.Metadata.Exif is { } tags && new ExifEditor(tags).Orientation != 1))
            MetadataRules.MarkUpright(image.Metadata);
        return image;
    }
}

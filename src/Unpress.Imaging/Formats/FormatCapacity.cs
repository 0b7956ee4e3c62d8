namespace Unpress.Imaging.Formats;

/// <summary>What each format can hold. Nothing is dropped in silence: what does not fit is refused, with formats that would do.</summary>
internal static class FormatCapacity
{
    public static void Check(ImageBuffer image, string name, ImageFormat format)
    {
        string label = ImageFormats.Name(format).ToUpperInvariant();
        if (image.HasAlpha && format is (ImageFormat.Jpeg or ImageFormat.Ppm))
            throw new InvalidFileException(name, $"{label} cannot hold transparency; save as PNG, TIFF or WebP");
        if (image.Model == ColourModel.Cmyk && format is not (ImageFormat.Jpeg or ImageFormat.Tiff))
            throw new InvalidFileException(name, $"{label} cannot hold CMYK; save as TIFF or JPEG");
        if (image.Model == ColourModel.Cmyk && image.HasAlpha && format != ImageFormat.Tiff)
            throw new InvalidFileException(name, "CMYK with transparency can only be saved as TIFF");
        int side = format switch { ImageFormat.Webp => 16383, ImageFormat.Jpeg => 65500, ImageFormat.Heic or ImageFormat.Avif => 16384, _ => int.MaxValue };
        if (image.Width > side || image.Height > side)
            throw new InvalidFileException(name, $"{image.Width}x{image.Height} pixels; {label} holds at most {side} a side; save as PNG or TIFF");
    }

    /// <summary>The depth to write when <paramref name="wanted"/> was asked for.</summary>
    public static int Bits(ImageFormat format, int wanted) =>
        format is ImageFormat.Jpeg or ImageFormat.Webp or ImageFormat.Bmp ? 8 : wanted;
}

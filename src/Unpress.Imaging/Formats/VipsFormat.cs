namespace Unpress.Imaging.Formats;

/// <summary>The numbers that image_bridge.h gives the formats.</summary>
internal static class VipsFormat
{
    public const int Heif = 4;

    /// <summary>libvips opens both kinds of HEIF with one loader.</summary>
    public static int ForReading(ImageFormat format) => format == ImageFormat.Avif ? Heif : ForWriting(format);

    public static int ForWriting(ImageFormat format) => format switch
    {
        ImageFormat.Png => 1,
        ImageFormat.Webp => 2,
        ImageFormat.Tiff => 3,
        ImageFormat.Heic => Heif,
        ImageFormat.Avif => 5,
        ImageFormat.Ppm => 6,
        ImageFormat.Jp2 => 7,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "not a format of libvips"),
    };
}

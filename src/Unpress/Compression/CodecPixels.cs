using Unpress.Imaging;
using Unpress.Imaging.Colour;

namespace Unpress.Compression;

/// <summary>Makes of any picture what codecs take: 8-bit gray or RGB without alpha.</summary>
internal static class CodecPixels
{
    /// <exception cref="InvalidFileException">CMYK, or really transparent: no codec here would keep that.</exception>
    public static ImageBuffer From(ImageBuffer image, string path, bool gray)
    {
        if (image.Model == ColourModel.Cmyk)
            throw new InvalidFileException(path, "is CMYK; convert it to RGB first");
        if (image.HasAlpha && !PixelConversion.IsOpaque(image))
            throw new InvalidFileException(path, "is transparent in places, which codecs for measuring do not keep; flatten it first");
        var plain = PixelConversion.ToEightBitColour(image);
        return gray ? PixelConversion.ToGray(plain) : plain;
    }
}

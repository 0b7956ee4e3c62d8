using System.Runtime.InteropServices;

namespace Unpress.Imaging;

/// <summary>ImageFacts of image_bridge.h, field for field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ImageFacts
{
    public double XRes, YRes;
    public int Width, Height, Bands, Bits, Model, Orientation, Palette, Pages;
}

/// <summary>ImagePicture of image_bridge.h, field for field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ImagePicture
{
    public double XRes, YRes;
    public byte* Pixels, Icc, Exif, Xmp;
    public long IccLength, ExifLength, XmpLength;
    public int Width, Height, Bands, Bits, Model;

    /// <summary>Without metadata.</summary>
    /// <param name="pixels">The image's data, pinned.</param>
    public static ImagePicture Of(ImageBuffer image, byte* pixels) => new()
    {
        Pixels = pixels,
        Width = image.Width,
        Height = image.Height,
        Bands = image.Bands,
        Bits = image.BitsPerSample,
        Model = (int)image.Model,
    };
}

/// <summary>ImageEncoding of image_bridge.h, field for field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ImageEncoding
{
    public int Format, Quality, Subsampling, Lossless, Bits, Effort;
}

namespace Unpress.Imaging;

/// <summary>What a picture file carries besides pixels, byte for byte, so that it can be written back.</summary>
public sealed class ImageMetadata
{
    /// <summary>ICC profile, unchanged from the file; null when absent.</summary>
    public byte[]? Icc { get; set; }

    /// <summary>EXIF block (TIFF structure with or without the "Exif\0\0" prefix as libvips gives it); null when absent.</summary>
    public byte[]? Exif { get; set; }

    /// <summary>XMP packet; null when absent.</summary>
    public byte[]? Xmp { get; set; }

    /// <summary>Short lower-case name of the format the picture came from: jpeg, png, webp, tiff, heif, ppm, bmp, jp2; null for made ones.</summary>
    public string? SourceFormat { get; set; }

    /// <summary>True when the file stored palette indices.</summary>
    public bool WasPalette { get; set; }

    /// <summary>Resolution in pixels per millimetre, 0 when unknown.</summary>
    public double PixelsPerMillimetreX { get; set; }

    /// <summary>Resolution in pixels per millimetre, 0 when unknown.</summary>
    public double PixelsPerMillimetreY { get; set; }
}

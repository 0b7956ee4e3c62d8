namespace Unpress.Imaging.Formats;

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

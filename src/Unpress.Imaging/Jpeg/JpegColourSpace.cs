namespace Unpress.Imaging.Jpeg;

/// <summary>What the planes of a JPEG mean, decided as libjpeg decides it.</summary>
public enum JpegColourSpace
{
    Gray,
    YCbCr,
    Rgb,
    Cmyk,

    /// <summary>CMYK stored as YCbCr and K, as Adobe's programs write it.</summary>
    Ycck,

    /// <summary>Two planes, or more than four.</summary>
    Unknown,
}

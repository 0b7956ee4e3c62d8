using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging;

/// <summary>How a picture is written. The default keeps every pixel: only JPEG cannot, and says so by its name.</summary>
public sealed record SaveOptions
{
    /// <summary>Null: what the output's extension asks for; PNG when writing to memory.</summary>
    public ImageFormat? Format { get; init; }

    /// <summary>1–100 for JPEG, and for WebP, HEIC, AVIF and JPEG 2000 when not <see cref="Lossless"/>.</summary>
    public int Quality { get; init; } = 95;

    /// <summary>WebP, HEIC, AVIF, JPEG 2000 without loss, within their depth. HEIC by libheif 1.15 rounds once in the change to YCbCr.</summary>
    public bool Lossless { get; init; } = true;

    /// <summary>Chroma of lossy files. Halved chroma would bring artifacts back, so it is kept whole.</summary>
    public ChromaSubsampling Subsampling { get; init; } = ChromaSubsampling.C444;

    /// <summary>8 or 16 for PNG, TIFF, PPM and JPEG 2000; null for the picture's own. Other formats have 8 (HEIC, AVIF 10 for deep pictures).</summary>
    public int? BitsPerSample { get; init; }

    /// <summary>
    /// JPEG, PNG, WebP and HEIC carry EXIF, XMP and ICC byte for byte. TIFF carries XMP and ICC, and EXIF as fields of its own; AVIF XMP and ICC,
    /// and EXIF as libvips rebuilds it; JPEG 2000, PPM and BMP none. IPTC goes from JPEG to JPEG, texts from PNG to PNG.
    /// </summary>
    public MetadataPolicy Metadata { get; init; } = MetadataPolicy.Keep;

    /// <exception cref="ArgumentOutOfRangeException">Quality or depth outside their range.</exception>
    public void Validate()
    {
        if (Quality is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(Quality), Quality, "1 to 100");
        if (BitsPerSample is not (null or 8 or 16))
            throw new ArgumentOutOfRangeException(nameof(BitsPerSample), BitsPerSample, "8 or 16");
    }
}

/// <summary>Which chroma planes a codec keeps.</summary>
public enum ChromaSubsampling
{
    /// <summary>4:2:0, chroma halved both ways.</summary>
    C420,

    /// <summary>4:2:2, chroma halved horizontally.</summary>
    C422,

    /// <summary>4:4:4, chroma kept whole.</summary>
    C444,
}

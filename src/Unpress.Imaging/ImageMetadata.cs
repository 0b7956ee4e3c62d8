using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging;

/// <summary>What a picture file carries besides pixels, byte for byte, so that it can be written back.</summary>
public sealed class ImageMetadata
{
    /// <summary>ICC profile, unchanged from the file; null when absent.</summary>
    public byte[]? Icc { get; set; }

    /// <summary>EXIF block: a TIFF structure from "II" or "MM" on, without the "Exif\0\0" prefix; null when absent.</summary>
    public byte[]? Exif { get; set; }

    /// <summary>XMP packet; null when absent.</summary>
    public byte[]? Xmp { get; set; }

    /// <summary>The IPTC records as a JPEG holds them: "Photoshop 3.0", then the image resources of Photoshop; null when absent.</summary>
    public byte[]? Iptc { get; set; }

    /// <summary>Comments of a JPEG as they stand in it, mostly text; none for other formats.</summary>
    public IReadOnlyList<byte[]> Comments { get; set; } = [];

    /// <summary>How the file was compressed, when it was a JPEG.</summary>
    public JpegAnatomy? Jpeg { get; set; }

    /// <summary>The JPEG itself, byte for byte: its coefficients can be read from it. Null for other formats.</summary>
    public byte[]? JpegFile { get; set; }

    /// <summary>1–8 as EXIF numbers them: how the file had its pixels turned. Those in memory are upright.</summary>
    public int StoredOrientation { get; set; } = 1;

    /// <summary>Pictures in the file; only the first is read.</summary>
    public int Pages { get; set; } = 1;

    /// <summary>What else the file holds that is not read, one short phrase each: further pages, a gain map, a video.</summary>
    public IReadOnlyList<string> LeftOut { get; set; } = [];

    /// <summary>What the numbers mean, when the file says it by codes; null when not.</summary>
    public ColourCode? Colour { get; set; }

    /// <summary>The chunks of a PNG about colour, its texts and the time of its last change; none for other formats.</summary>
    public IReadOnlyList<PngChunk> PngChunks { get; set; } = [];

    /// <summary>Short lower-case name of the format the picture came from: jpeg, png, webp, tiff, heif, avif, ppm, bmp, jp2; null for made ones.</summary>
    public string? SourceFormat { get; set; }

    /// <summary>Bits of a sample in the file, where they are fewer than in memory (AVIF and HEIC have 10 or 12 of 16); 0 where they are the same.</summary>
    public int StoredBits { get; set; }

    /// <summary>True when the file stored palette indices.</summary>
    public bool WasPalette { get; set; }

    /// <summary>Resolution in pixels per millimetre, 0 when unknown.</summary>
    public double PixelsPerMillimetreX { get; set; }

    /// <summary>Resolution in pixels per millimetre, 0 when unknown.</summary>
    public double PixelsPerMillimetreY { get; set; }
}

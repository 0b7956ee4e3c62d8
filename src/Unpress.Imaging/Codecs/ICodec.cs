namespace Unpress.Imaging.Codecs;

/// <summary>A way to lose some of a picture: image to bytes and back.</summary>
public interface ICodec
{
    /// <summary>Name on the command line: jpeg, hevc, webp, avif, jp2.</summary>
    string Name { get; }

    /// <summary>One line for help texts.</summary>
    string Summary { get; }

    /// <summary>QF or QP: the field's word for this codec's quality scale, with its direction.</summary>
    string QualityName { get; }

    int MinQuality { get; }

    int MaxQuality { get; }

    /// <summary>What <see cref="CodecSettings.Subsampling"/> may be; the first is the codec's usual one.</summary>
    IReadOnlyList<ChromaSubsampling> Subsamplings => [ChromaSubsampling.C420, ChromaSubsampling.C422, ChromaSubsampling.C444];

    /// <summary>Extension with dot of a file that holds the bytes.</summary>
    string Extension { get; }

    /// <summary>Encoder library and version as found on this machine.</summary>
    string Encoder { get; }

    /// <summary>8-bit gray or RGB, no alpha.</summary>
    Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default);

    /// <summary>The pixels of bytes that <see cref="Encode"/> made. Codecs without gray give a gray picture back as RGB.</summary>
    ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default);
}

/// <summary>How strongly to compress: <paramref name="Quality"/> in the codec's own scale (QF, QP, …).</summary>
public sealed record CodecSettings(int Quality, ChromaSubsampling Subsampling = ChromaSubsampling.C420);

/// <summary>A compressed picture: exactly the bytes that count for bits per pixel.</summary>
public sealed record Encoded(byte[] Bytes, int Width, int Height)
{
    public double BitsPerPixel => Bytes.LongLength * 8.0 / ((long)Width * Height);
}

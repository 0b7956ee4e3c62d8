namespace Unpress.Compression;

/// <summary>What became of one picture: one line of the manifest, with all that is needed to make it again.</summary>
public sealed record CompressedPicture
{
    /// <summary>The input, relative to the folder that was given.</summary>
    public required string Input { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required string Codec { get; init; }

    public required int Quality { get; init; }

    /// <summary>420, 422 or 444; null for gray.</summary>
    public required string? Subsampling { get; init; }

    /// <summary>Library and version.</summary>
    public required string Encoder { get; init; }

    /// <summary>Size of the codec's own file, kept or not.</summary>
    public required long Bytes { get; init; }

    public required double BitsPerPixel { get; init; }

    /// <summary>Of the codec's own file, kept or not; lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The codec's own file, relative to the output folder; null when not kept.</summary>
    public string? Bitstream { get; init; }

    /// <summary>The PNG, relative to the output folder; null when not kept.</summary>
    public string? Decoded { get; init; }

    /// <summary>Of the PNG's pixels (rows top to bottom, bands interleaved, 8 bits), so that it does not depend on the PNG writer.</summary>
    public string? DecodedPixelsSha256 { get; init; }
}

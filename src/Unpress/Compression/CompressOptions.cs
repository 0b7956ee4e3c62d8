using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Compression;

/// <summary>How a <see cref="CompressJob"/> compresses and what it writes.</summary>
public sealed record CompressOptions
{
    public required ICodec Codec { get; init; }

    /// <summary>In the codec's own scale.</summary>
    public required int Quality { get; init; }

    /// <summary>Null for the codec's usual one.</summary>
    public ChromaSubsampling? Subsampling { get; init; }

    /// <summary>Compress the BT.601 luma only.</summary>
    public bool Gray { get; init; }

    public Keep Keep { get; init; } = Keep.Bitstream;

    public bool Overwrite { get; init; }

    /// <exception cref="ArgumentException">The codec does not have that quality or subsampling.</exception>
    public void Validate()
    {
        if (Quality < Codec.MinQuality || Quality > Codec.MaxQuality)
            throw new ArgumentException($"{Codec.Name} takes {Codec.QualityName}; {Quality} is outside");
        if (Subsampling is { } wanted && !Codec.Subsamplings.Contains(wanted))
            throw new ArgumentException($"{Codec.Name} codes chroma as {string.Join(" or ", Codec.Subsamplings.Select(Name))}, not as {Name(wanted)}");
    }

    /// <summary>420, 422 or 444.</summary>
    internal static string Name(ChromaSubsampling subsampling) => subsampling.ToString().TrimStart('C');
}

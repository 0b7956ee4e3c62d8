using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Degradations;

/// <summary>A way to damage training patches. Stateless and safe from many threads: all chance comes in through the argument.</summary>
public interface IDegradation
{
    /// <summary>How many pixels wider and higher than the patch the region should be, for the codec's grid to lie anywhere.</summary>
    int Slack { get; }

    /// <summary>How patches are cut from copies of whole pictures that were compressed before the training; null: never.</summary>
    CopiesPlan? Copies => null;

    /// <summary>Compresses the region and cuts the same patch out of the raw and of the compressed one.</summary>
    /// <param name="random">This sample's own random numbers.</param>
    /// <param name="region">Raw pixels, side × side × bands, interleaved.</param>
    /// <param name="side">At least <paramref name="patch"/>, at most patch + <see cref="Slack"/>.</param>
    /// <param name="bands">1 (gray) or 3 (RGB).</param>
    /// <param name="patch">Side of the patch in pixels.</param>
    /// <param name="x">Receives the compressed patch, patch × patch × bands.</param>
    /// <param name="y">Receives the raw patch.</param>
    DegradationFacts Degrade(
        ref SampleRandom random, ReadOnlySpan<byte> region, int side, int bands, int patch, Span<byte> x, Span<byte> y);
}

/// <summary>Patches from pictures that were compressed as a whole.</summary>
/// <param name="Settings">Which of the copies is drawn.</param>
/// <param name="Share">Of the patches of pictures that have copies, how many are cut from them, 0..1; the others are compressed here.</param>
/// <param name="Raw">Of those, the share that is cut from the original instead.</param>
/// <param name="Aligned">The share that begins on the codec's largest coding unit.</param>
public sealed record CopiesPlan(ICodec Codec, QualityDistribution Settings, double Share, double Raw, double Aligned);

/// <summary>What was done to a patch.</summary>
/// <param name="Compressed">False: x equals y.</param>
/// <param name="Quality">Setting of the last compression, in the codec's own scale: a quality factor of JPEG's; 100 when not compressed.</param>
/// <param name="FirstQuality">That of the compression before; 0 when there was none.</param>
/// <param name="Subsampling">Chroma of the last compression; means nothing for gray.</param>
/// <param name="OffsetX">Column of the patch's first pixel in the picture last compressed; mod 8 it is the place in the block grid.</param>
/// <param name="OffsetY">The same for rows.</param>
/// <param name="ShiftX">How far the first compression's grid is shifted against the last one's, in pixels; 0 when there was none.</param>
/// <param name="ShiftY">The same for rows.</param>
public readonly record struct DegradationFacts(
    bool Compressed,
    int Quality,
    int FirstQuality,
    ChromaSubsampling Subsampling,
    int OffsetX,
    int OffsetY,
    int ShiftX,
    int ShiftY);

using Unpress.Data;

namespace Unpress.Degradations;

/// <summary>A way to damage training patches. Stateless and safe from many threads: all chance comes in through the argument.</summary>
public interface IDegradation
{
    /// <summary>How many pixels wider and higher than the patch the region should be, for the codec's grid to lie anywhere.</summary>
    int Slack { get; }

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

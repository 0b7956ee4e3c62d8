using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Patches;
using Unpress.Torch;

namespace Unpress.Training;

/// <summary>The coefficients of training patches, for networks that use them and for their cells, see <see cref="CoefficientRecovery"/>.</summary>
internal static class PatchCoefficients
{
    /// <returns>Null where the network has no use for them.</returns>
    /// <inheritdoc cref="Of(Tensor, IReadOnlyList{PatchFacts})"/>
    public static JpegTensors? Of(NetworkFacts network, Tensor compressed, IReadOnlyList<PatchFacts> facts)
        => network.Uses.HasFlag(Knowledge.Jpeg) ? Of(compressed, facts) : null;

    /// <param name="compressed">[N, C, H, W], the patches.</param>
    /// <param name="facts">How each of them was compressed.</param>
    /// <exception cref="TrainingException">The recipe makes patches whose coefficients are not known.</exception>
    public static JpegTensors Of(Tensor compressed, IReadOnlyList<PatchFacts> facts)
    {
        // The grid is that of 4:2:0, whatever the file: the jpeg degradation aligns patches to it.
        if (facts.Any(fact => fact.Degradation.OffsetX % 16 != 0 || fact.Degradation.OffsetY % 16 != 0))
            throw new TrainingException("JPEG coefficients are needed: patches must lie on the grid, data.degradation.aligned: 1");
        var subsampling = facts[0].Degradation.Subsampling;
        if (compressed.Size(1) > 1 && facts.Any(fact => fact.Degradation.Subsampling != subsampling || fact.Gray || !fact.Degradation.Compressed))
        {
            throw new TrainingException(
                "JPEG coefficients are needed: patches must be in colour, compressed, and of one subsampling, in data.degradation"
                + " raw: 0 and subsampling: { c420: 1, c422: 0, c444: 0 }, in data.patch gray: 0");
        }

        return CoefficientRecovery.Of(compressed, [.. facts.Select(fact => fact.Degradation.Quality)], subsampling);
    }
}

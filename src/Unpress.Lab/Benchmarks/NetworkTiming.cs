using Unpress.Networks;
using Unpress.Networks.Profiling;

namespace Unpress.Benchmarks;

/// <summary>What one pass of a network costs: counted and measured.</summary>
/// <param name="Profile">Of the picture that the times are for.</param>
/// <param name="MeasuredSide">Pixels a side of the picture that was really measured.</param>
/// <param name="Milliseconds">By the clock, the median; from a smaller picture in proportion to the true operations.</param>
/// <param name="CoreMilliseconds">
/// The time that the process had a core, of the same pass, likewise: on a busy machine it says more than the clock.
/// </param>
/// <param name="PeakBytes">The most that tensors of 256 KiB and more took at once on the measured picture, weights aside; null on CUDA.</param>
public sealed record NetworkTiming(
    NetworkEntry Entry, NetworkProfile Profile, int MeasuredSide, double Milliseconds, double CoreMilliseconds, long? PeakBytes)
{
    /// <summary>True when the times are not of the whole picture but computed from a smaller one.</summary>
    public bool IsScaled => MeasuredSide != Profile.Height;
}

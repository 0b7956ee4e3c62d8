using Unpress.Degradations;

namespace Unpress.Patches;

/// <summary>Where a training sample came from and what was done to it.</summary>
/// <param name="Image">Index in the pack.</param>
/// <param name="Left">Left edge, in the picture, of the region that was compressed.</param>
/// <param name="Top">Top edge of that region.</param>
/// <param name="Orientation">The flip or turn, 0..7, see <see cref="Dihedral"/>.</param>
/// <param name="Gray">Compressed as a gray file.</param>
/// <param name="Degradation">Quality, subsampling, offsets.</param>
public readonly record struct PatchFacts(int Image, int Left, int Top, int Orientation, bool Gray, DegradationFacts Degradation);

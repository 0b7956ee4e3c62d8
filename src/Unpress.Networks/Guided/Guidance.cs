using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>What steers a <see cref="GuidedBlock"/>: its correction is multiplied by the scale, then the shift is added.</summary>
/// <param name="Scale">[N, C].</param>
/// <param name="Shift">[N, C].</param>
public readonly record struct Guidance(Tensor Scale, Tensor Shift);

using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>Mean absolute difference of the pixels.</summary>
public sealed class L1Distance : IDistance
{
    public Tensor PerImage(Tensor a, Tensor b) => (a - b).Abs().Mean([1, 2, 3]);
}

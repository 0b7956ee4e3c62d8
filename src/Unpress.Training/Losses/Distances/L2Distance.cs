using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>Mean squared difference of the pixels.</summary>
public sealed class L2Distance : IDistance
{
    public Tensor PerImage(Tensor a, Tensor b) => (a - b).Square().Mean([1, 2, 3]);
}

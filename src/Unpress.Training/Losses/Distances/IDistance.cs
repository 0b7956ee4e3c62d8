using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>d(a, b): how far two batches of pictures are apart, picture by picture.</summary>
public interface IDistance
{
    /// <param name="a">[N,C,H,W], 0..1.</param>
    /// <param name="b">The same shape.</param>
    /// <returns>[N], 0 where both are equal.</returns>
    Tensor PerImage(Tensor a, Tensor b);

    /// <summary>Why it cannot measure the patches of this training, one reason a line; asked before any data is read.</summary>
    IEnumerable<string> Conflicts(LossPlan plan) => [];
}

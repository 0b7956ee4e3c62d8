using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>TNRD's φ: for each filter a sum of 63 Gaussians at −310, −300, … 310 with standard deviation 10.</summary>
internal static class InfluenceFunctions
{
    /// <summary>Gaussians of one function.</summary>
    public const int Count = 63;

    private const double Step = 10;
    private const double Precision = 0.01;

    /// <summary>Gaussians of one height at these places add up to nearly this, √(2π).</summary>
    private static readonly double Overlap = Math.Sqrt(2 * Math.PI);

    /// <summary>Weights that make φ(z) = slope · z between the outermost centres.</summary>
    public static IEnumerable<float> Straight(double slope) => Enumerable.Range(0, Count).Select(k => (float)(slope * Centre(k) / Overlap));

    /// <param name="responses">[N, filters, H, W].</param>
    /// <param name="weights">[filters, 63].</param>
    /// <returns>The shape of the responses.</returns>
    public static Tensor Apply(Tensor responses, Tensor weights)
    {
        // One Gaussian after the other: all at once would take 63 times the memory.
        var sum = Term(0);
        for (int k = 1; k < Count; k++)
        {
            using var before = sum;
            using var term = Term(k);
            sum = before + term;
        }

        return sum;

        Tensor Term(int k)
        {
            using var scope = TensorScope.Enter();
            var height = weights.Narrow(1, k, 1).Reshape(1, -1, 1, 1);
            return scope.Keep(((responses - Centre(k)).Square() * (-Precision / 2)).Exp() * height);
        }
    }

    private static double Centre(int k) => Step * (k - (Count / 2));
}

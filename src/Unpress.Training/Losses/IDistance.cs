using Unpress.Recipes;
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

/// <summary>Which distance a term measures with.</summary>
public enum DistanceKind
{
    /// <summary>Mean absolute difference.</summary>
    L1,

    /// <summary>Mean squared difference.</summary>
    L2,

    /// <summary>Of features, see <see cref="PerceptualDistance"/>; needs "features".</summary>
    Perceptual,
}

/// <summary>The distances that terms can measure with: one line each.</summary>
public static class DistanceList
{
    public static IDistance Create(DistanceOptions options) => options.Distance switch
    {
        DistanceKind.Perceptual => FeatureSource.Open(options.Features!).Distance(options.Features!),
        DistanceKind.L2 => new L2Distance(),
        _ => new L1Distance(),
    };

    /// <summary>For <see cref="ILossTerm.Provenance"/>: whose features are compared; null for pixels.</summary>
    public static string? Provenance(DistanceOptions options) => options.Features is { } features ? FeatureSource.Open(features).Description : null;
}

/// <summary>Options of terms that compare pictures.</summary>
public abstract record DistanceOptions : IHasFaults
{
    public DistanceKind Distance { get; init; } = DistanceKind.L1;

    /// <summary>For the perceptual distance.</summary>
    public FeatureOptions? Features { get; init; }

    public virtual IEnumerable<string> Faults()
    {
        if (Distance == DistanceKind.Perceptual != Features is not null)
            yield return "features belong to distance perceptual, which needs them";
    }
}

/// <summary>Mean absolute difference of the pixels.</summary>
public sealed class L1Distance : IDistance
{
    public Tensor PerImage(Tensor a, Tensor b) => (a - b).Abs().Mean([1, 2, 3]);
}

/// <summary>Mean squared difference of the pixels.</summary>
public sealed class L2Distance : IDistance
{
    public Tensor PerImage(Tensor a, Tensor b) => (a - b).Square().Mean([1, 2, 3]);
}

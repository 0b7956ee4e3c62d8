using Unpress.Recipes;

namespace Unpress.Losses;

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

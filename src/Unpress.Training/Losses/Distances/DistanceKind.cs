namespace Unpress.Losses;

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

namespace Unpress.Losses;

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

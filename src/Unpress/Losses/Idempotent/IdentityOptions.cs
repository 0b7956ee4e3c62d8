namespace Unpress.Losses;

/// <summary>Options of <see cref="IdentityLoss"/>.</summary>
public sealed record IdentityOptions
{
    public DistanceKind Distance { get; init; } = DistanceKind.L1;

    public IdentityWeighting Weighting { get; init; } = IdentityWeighting.Even;
}

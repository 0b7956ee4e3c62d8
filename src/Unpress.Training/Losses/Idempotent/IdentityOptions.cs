namespace Unpress.Losses;

/// <summary>Options of <see cref="IdentityLoss"/>.</summary>
public sealed record IdentityOptions : DistanceOptions
{
    public IdentityWeighting Weighting { get; init; } = IdentityWeighting.Even;
}

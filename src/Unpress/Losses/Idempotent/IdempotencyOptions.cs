namespace Unpress.Losses;

/// <summary>Options of <see cref="IdempotencyLoss"/>.</summary>
public sealed record IdempotencyOptions
{
    public DistanceKind Distance { get; init; } = DistanceKind.L1;
}

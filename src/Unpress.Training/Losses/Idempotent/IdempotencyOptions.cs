namespace Unpress.Losses;

/// <summary>Options of <see cref="IdempotencyLoss"/>.</summary>
public sealed record IdempotencyOptions : DistanceOptions;

namespace Unpress.Losses;

/// <summary>A layer whose features are compared, by the backbone's name for it, and its weight.</summary>
public sealed record FeatureLayer
{
    public required string Name { get; init; }

    public double Weight { get; init; } = 1;
}

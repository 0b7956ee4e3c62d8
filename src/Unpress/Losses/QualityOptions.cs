namespace Unpress.Losses;

/// <summary>Options of <see cref="QualityLoss"/>.</summary>
public sealed record QualityOptions
{
    /// <summary>Ask for the raw pictures too, whose quality is 100.</summary>
    public bool Raw { get; init; }
}

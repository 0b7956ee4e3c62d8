namespace Unpress.Losses;

/// <summary>Options of <see cref="QualityLoss"/>.</summary>
public sealed record QualityOptions
{
    /// <summary>Ask for the raw pictures too, whose quality is 100.</summary>
    public bool Raw { get; init; }

    /// <summary>Compare probabilities of 100 classes instead of numbers, as DAGN does.</summary>
    public bool Classes { get; init; }
}

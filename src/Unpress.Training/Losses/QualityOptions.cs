using Unpress.Recipes;

namespace Unpress.Losses;

/// <summary>Options of <see cref="QualityLoss"/>.</summary>
public sealed record QualityOptions : IHasFaults
{
    /// <summary>Ask for the raw pictures too, whose quality is 100.</summary>
    public bool Raw { get; init; }

    /// <summary>Compare probabilities of 100 classes instead of numbers, as DAGN does.</summary>
    public bool Classes { get; init; }

    /// <summary>
    /// Of the classes −log of the right one's probability, ours. DAGN's own difference has no slope where the right class is improbable, so
    /// that short trainings end with one class for all pictures.
    /// </summary>
    public bool Entropy { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Entropy && !Classes)
            yield return "entropy is true, which is of classes: set classes to true";
    }
}

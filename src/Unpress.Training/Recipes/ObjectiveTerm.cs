namespace Unpress.Recipes;

/// <summary>One loss of the weighted sum that training minimises; the loss's own options stand beside it.</summary>
public sealed record ObjectiveTerm : IHasFaults
{
    /// <summary>Name in the catalog of losses.</summary>
    public required string Loss { get; init; }

    public double Weight { get; init; } = 1;

    public RecipeSection Options { get; init; } = RecipeSection.Empty;

    public IEnumerable<string> Faults()
    {
        if (Weight <= 0)
            yield return FormattableString.Invariant($"weight is {Weight}, must be above 0; leave the term out instead");
    }
}

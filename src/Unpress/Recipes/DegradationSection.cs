namespace Unpress.Recipes;

/// <summary>How training patches are damaged; the kind's own options stand beside the type.</summary>
public sealed record DegradationSection
{
    /// <summary>Name in the list of degradations.</summary>
    public string Type { get; init; } = "jpeg";

    public RecipeSection Options { get; init; } = RecipeSection.Empty;
}

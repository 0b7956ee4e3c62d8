namespace Unpress.Recipes;

/// <summary>Which network; its own options stand beside the type.</summary>
public sealed record NetworkSection
{
    /// <summary>Name in the catalog of networks.</summary>
    public required string Type { get; init; }

    public RecipeSection Options { get; init; } = RecipeSection.Empty;
}

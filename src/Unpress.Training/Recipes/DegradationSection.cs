namespace Unpress.Recipes;

/// <summary>How training patches are damaged; the kind's own options stand beside the type.</summary>
public sealed record DegradationSection
{
    /// <summary>The codec: jpeg, hevc, webp, avif or jp2.</summary>
    public string Type { get; init; } = "jpeg";

    public RecipeSection Options { get; init; } = RecipeSection.Empty;
}

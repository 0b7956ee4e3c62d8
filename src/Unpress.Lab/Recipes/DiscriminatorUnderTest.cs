namespace Unpress.Lab.Recipes;

/// <summary>A trained discriminator.</summary>
public sealed record DiscriminatorUnderTest
{
    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>A checkpoint of a training, or its run folder for the newest.</summary>
    public required string Checkpoint { get; init; }
}

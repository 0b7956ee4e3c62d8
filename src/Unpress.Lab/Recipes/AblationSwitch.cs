namespace Unpress.Lab.Recipes;

/// <summary>A part of a method that an ablation leaves out.</summary>
public sealed record AblationSwitch
{
    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>The enhancers that have it.</summary>
    public required IReadOnlyList<string> On { get; init; }
}

using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>What the enhancers of an ablation differ in.</summary>
public sealed record AblationSection : IHasFaults
{
    /// <summary>The enhancer that the others are compared with: the one without any of the parts, or the whole.</summary>
    public required string Baseline { get; init; }

    /// <summary>The parts that some of the enhancers have.</summary>
    public required IReadOnlyList<AblationSwitch> Switches { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Switches.Count == 0)
            yield return "switches is empty";
    }
}

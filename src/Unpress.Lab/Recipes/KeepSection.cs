using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>Which pictures are kept for the report.</summary>
public sealed record KeepSection : IHasFaults
{
    /// <summary>Of each set, the first so many.</summary>
    public int Pictures { get; init; } = 2;

    /// <summary>Of the enhanced ones, those after these cycles; left out: all.</summary>
    public IReadOnlyList<int>? Cycles { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Pictures < 0)
            yield return $"pictures is {Pictures}, must be 0 or more";
    }
}

namespace Unpress.Recipes;

/// <summary>A recipe that cannot be used: every fault found, one line each, with file and line or the override it comes from.</summary>
public sealed class RecipeException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}

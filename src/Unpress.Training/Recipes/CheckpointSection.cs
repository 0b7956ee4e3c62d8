namespace Unpress.Recipes;

/// <summary>When the state of a run is saved.</summary>
public sealed record CheckpointSection : IHasFaults
{
    /// <summary>Steps between two checkpoints.</summary>
    public long Every { get; init; } = 1000;

    /// <summary>How many are kept, the newest.</summary>
    public int Keep { get; init; } = 2;

    public IEnumerable<string> Faults()
    {
        if (Every < 1)
            yield return $"every is {Every}, must be 1 or more steps";
        if (Keep < 1)
            yield return $"keep is {Keep}, must be 1 or more";
    }
}

namespace Unpress.Recipes;

/// <summary>Pictures the network is measured on now and then. Never training pictures.</summary>
public sealed record ValidationSection : IHasFaults
{
    /// <summary>Relative paths start at the current directory.</summary>
    public required string Folder { get; init; }

    /// <summary>Steps between two validations.</summary>
    public long Every { get; init; } = 1000;

    /// <summary>Settings of the degradation's codec (quality factors, QPs) that each picture is compressed with.</summary>
    public IReadOnlyList<int> Qualities { get; init; } = [10, 20, 30, 40];

    /// <summary>Use only the first so many pictures; left out: all.</summary>
    public int? Limit { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Every < 1)
            yield return $"every is {Every}, must be 1 or more steps";
        if (Qualities.Count == 0)
            yield return "qualities is empty";
        if (Limit < 1)
            yield return $"limit is {Limit}, must be 1 or more";
    }
}

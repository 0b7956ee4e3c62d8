namespace Unpress.Recipes;

/// <summary>Initial weights of a part of the network, from another model.</summary>
public sealed record InitPart : IHasFaults
{
    /// <summary>A weight file.</summary>
    public required string File { get; init; }

    /// <summary>Beginning of the names in the file that are taken; the rest of the name is kept.</summary>
    public string From { get; init; } = "";

    /// <summary>What they begin with in the network. Everything there must be in the file.</summary>
    public required string To { get; init; }

    public IEnumerable<string> Faults()
    {
        if (To.Length == 0)
            yield return "to is empty; for the whole network there is initFrom";
    }
}

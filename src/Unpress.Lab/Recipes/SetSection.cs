using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>A set of originals.</summary>
public sealed record SetSection : IHasFaults
{
    /// <summary>In tables, such as "live1".</summary>
    public required string Name { get; init; }

    /// <summary>Searched with its subfolders. Relative paths start at the current directory.</summary>
    public required string Folder { get; init; }

    /// <summary>Only the first so many pictures, by name; left out: all.</summary>
    public int? First { get; init; }

    /// <summary>Only the middle of each picture, so many pixels a side; left out: all of it.</summary>
    public int? Crop { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Name.Length == 0)
            yield return "name is empty";
        foreach (var (key, value) in new[] { ("first", First), ("crop", Crop) })
        {
            if (value < 1)
                yield return $"{key} is {value}, must be 1 or more";
        }
    }
}

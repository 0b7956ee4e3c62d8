namespace Unpress.DataSets;

/// <summary>A part of a published set: training, validation, test.</summary>
/// <param name="Count">Pictures it has.</param>
/// <param name="Has">Whether a picture belongs to it, by its path below the folder, with "/" and without extension.</param>
/// <param name="Names">The names it must have, where they are known; else null.</param>
public sealed record KnownSplit(string Name, int Count, Func<string, bool> Has, IReadOnlyList<string>? Names = null)
{
    /// <summary>A split by the files' names, wherever they lie.</summary>
    public static KnownSplit Of(string name, params IReadOnlyList<string> names)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        return new(name, names.Count, path => known.Contains(Path.GetFileName(path)), names);
    }

    /// <summary>A split by a folder of its own, such as "images/test".</summary>
    public static KnownSplit InFolder(string name, int count) =>
        new(name, count, path => path.Split('/').SkipLast(1).Contains(name, StringComparer.OrdinalIgnoreCase));
}

namespace Unpress;

/// <summary>Finds an entry of a list by its name, and the name that a mistyped word stands for.</summary>
public static class ByName
{
    /// <summary>Changes of one letter up to which a word is taken for another one mistyped.</summary>
    private const int Near = 3;

    /// <summary>The entry of that name, in any letter case.</summary>
    /// <param name="kind">What the entries are, such as <c>network</c>.</param>
    /// <exception cref="ArgumentException">There is no such entry; the message lists those there are.</exception>
    public static T Find<T>(IEnumerable<T> all, string kind, string name, Func<T, string> nameOf)
        where T : class
        => all.FirstOrDefault(entry => nameOf(entry).Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(Missing(kind, name, [.. all.Select(nameOf)]));

    /// <summary>What there is to say where no entry has the name.</summary>
    public static string Missing(string kind, string name, IReadOnlyList<string> names)
        => $"no {kind} is called '{name}'{(Nearest(name, names) is { } near ? $"; did you mean {near}? There are " : "; there are ")}{string.Join(", ", names)}";

    /// <summary>"; did you mean NAME?", or nothing where no name is near.</summary>
    public static string Meant(string word, IEnumerable<string> names) => Nearest(word, names) is { } near ? $"; did you mean {near}?" : "";

    /// <summary>The name with the fewest changes, or one that starts with the word; null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        string plain = word.ToLowerInvariant();
        var known = names.ToList();
        return known.Select(name => (Name: name, Changes: Changes(plain, name))).Where(one => one.Changes <= Math.Min(Near, one.Name.Length / 2))
            .OrderBy(one => one.Changes).Select(one => one.Name).FirstOrDefault()
            ?? known.FirstOrDefault(name => plain.Length > 3 && name.StartsWith(plain, StringComparison.Ordinal));
    }

    /// <summary>Letters added, left out, changed or swapped with their neighbour (optimal string alignment).</summary>
    private static int Changes(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }

        return table[from.Length, to.Length];
    }
}

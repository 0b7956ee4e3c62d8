namespace Unpress.Files;

/// <summary>Files in folders that are no pictures of a kind that is read, counted by the ends of their names.</summary>
public sealed class PassedOver
{
    private const int MostKinds = 100, LongestKind = 8, KindsNamed = 5;
    private const string Rest = "of other kinds", NoKind = "without an ending";

    private readonly SortedDictionary<string, int> _kinds = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <summary>How many of each kind: "gif", "tga".</summary>
    public IReadOnlyDictionary<string, int> Kinds => _kinds;

    public void Add(string path)
    {
        string ending = Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
        string kind = ending.Length == 0 ? NoKind : ending.Length <= LongestKind && ending.All(char.IsAsciiLetterOrDigit) ? ending : Rest;
        if (_kinds.Count >= MostKinds && !_kinds.ContainsKey(kind))
            kind = Rest;
        _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        Count++;
    }

    /// <summary>"3 files passed over, which are not read: 2 gif, 1 tga"; null where there are none.</summary>
    public override string? ToString()
    {
        if (Count == 0)
            return null;
        var ordered = _kinds.OrderBy(kind => kind.Key is Rest or NoKind).ThenByDescending(kind => kind.Value).ToList();
        int others = ordered.Skip(KindsNamed).Sum(kind => kind.Value);
        string named = string.Join(", ", ordered.Take(KindsNamed).Select(kind => $"{kind.Value} {kind.Key}"));
        return $"{Count} {(Count == 1 ? "file" : "files")} passed over, not of a kind that is read: {named}{(others > 0 ? $", {others} more" : "")}";
    }
}

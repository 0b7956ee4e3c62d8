namespace Unpress.DataSets;

/// <summary><c>data.json</c>: what a prepared folder holds and how it came about; no dates, no absolute paths.</summary>
public sealed record PreparedSet
{
    /// <summary>Name of the published set, or "folder".</summary>
    public required string Set { get; init; }

    public required string Source { get; init; }

    /// <summary>By split and name.</summary>
    public required IReadOnlyList<PreparedPicture> Pictures { get; init; }

    public required IReadOnlyList<PreparedMirror> Mirrors { get; init; }

    /// <summary>Pictures that are in two splits, twice in one, or in another folder as well.</summary>
    public required IReadOnlyList<PictureOverlap> Overlaps { get; init; }

    /// <summary>What is wrong with what was downloaded, one line each.</summary>
    public required IReadOnlyList<string> Faults { get; init; }
}

using Unpress.Imaging.Codecs;

namespace Unpress.DataSets;

/// <summary>How a set is prepared.</summary>
public sealed record PrepareOptions
{
    /// <summary>What it should be; null for a folder of one's own.</summary>
    public KnownSet? Set { get; init; }

    /// <summary>The folder that was downloaded and unpacked.</summary>
    public required string From { get; init; }

    /// <summary>Where it is laid out.</summary>
    public required string Output { get; init; }

    /// <summary>Codec and quality of each compressed mirror.</summary>
    public IReadOnlyList<(ICodec Codec, int Quality)> Mirrors { get; init; } = [];

    /// <summary>Folders that must not share pictures with it.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];
}

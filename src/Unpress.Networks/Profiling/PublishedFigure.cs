namespace Unpress.Networks.Profiling;

/// <summary>What a paper, its code or a table says that a network costs.</summary>
/// <param name="Network">A name of the catalogue.</param>
/// <param name="Options">Its options as JSON, those of the publication.</param>
/// <param name="Source">Who says so.</param>
public sealed record PublishedFigure(string Network, string Options, string Source)
{
    /// <summary>Trained numbers.</summary>
    public double? Parameters { get; init; }

    /// <summary>True multiply-accumulates for 512×512 pixels: hardly ever printed, mostly counted with another tool on the published code.</summary>
    public double? Macs { get; init; }

    /// <summary>The same in the convention of <see cref="Work.Table"/>.</summary>
    public double? TableMacs { get; init; }

    /// <summary>Why ours differ by more than rounding; null where they do not.</summary>
    public string? Why { get; init; }
}

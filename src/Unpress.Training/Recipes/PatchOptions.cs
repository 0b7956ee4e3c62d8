namespace Unpress.Recipes;

/// <summary>Which patches are cut from the training pictures, before they are compressed.</summary>
public sealed record PatchOptions : IHasFaults
{
    /// <summary>Side of a patch in pixels.</summary>
    public int Size { get; init; } = 96;

    /// <summary>3: RGB, with gray pictures as three equal channels. 1: luma only, for networks published so.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Draw one of the 8 flips and quarter turns.</summary>
    public bool Augment { get; init; } = true;

    /// <summary>Share of colour patches made gray (and then compressed as gray files), 0..1.</summary>
    public double Gray { get; init; }

    public ImageWeighting Weighting { get; init; } = ImageWeighting.Area;

    public IEnumerable<string> Faults()
    {
        if (Size is < 8 or > 4096)
            yield return $"size is {Size}, must be 8..4096";
        if (Channels is not (1 or 3))
            yield return $"channels is {Channels}, must be 1 or 3";
        if (Gray is not (>= 0 and <= 1))
            yield return FormattableString.Invariant($"gray is {Gray}, must be 0..1");
    }
}

/// <summary>How often a training picture is drawn.</summary>
public enum ImageWeighting
{
    /// <summary>In proportion to its pixels: every place in the data is equally likely.</summary>
    Area,

    /// <summary>All pictures alike.</summary>
    Uniform,
}

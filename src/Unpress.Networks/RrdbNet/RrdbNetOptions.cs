namespace Unpress.Networks;

/// <summary>Options of <see cref="RrdbNet"/>; the defaults are PowerQE's ESRGAN at scale 1.</summary>
public record RrdbNetOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels between the blocks.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Residual-in-residual dense blocks.</summary>
    public int Blocks { get; init; } = 16;

    /// <summary>Channels that each convolution of a dense block adds.</summary>
    public int Growth { get; init; } = 32;

    /// <summary>
    /// 1: the picture is folded by 4 and comes back at its own size. 2 and 4 are the networks of super-resolution, for their released
    /// weights: what they enlarge is averaged back.
    /// </summary>
    public int Scale { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(Blocks, least: 0);
        Require.Width(Growth);
        if (Scale is not (1 or 2 or 4))
            throw new ArgumentException($"scale is {Scale}, must be 1, 2 or 4");
    }
}

namespace Unpress.Networks;

/// <summary>Options of <see cref="UnpressNet"/>.</summary>
public sealed record UnpressNetOptions
{
    /// <summary>1 (gray) or 3 (RGB; gray pictures go through as R = G = B).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at half resolution; doubled at a quarter, doubled again at an eighth.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Residual blocks at half and at quarter resolution (on the way down and again on the way up), and at an eighth.</summary>
    public int[] Blocks { get; init; } = [2, 2, 4];

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.LayerCounts(Blocks, 3, least: 0);
    }
}

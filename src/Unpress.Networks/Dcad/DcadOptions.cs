namespace Unpress.Networks;

/// <summary>Options of <see cref="Dcad"/>.</summary>
public sealed record DcadOptions
{
    /// <summary>1 (luma, as published) or 3 (RGB, as in PowerQE).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Convolutions in all.</summary>
    public int Depth { get; init; } = 10;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(Depth, least: 2);
    }
}

namespace Unpress.Networks;

/// <summary>Options of <see cref="Iegan"/>.</summary>
public sealed record IeganOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Residual blocks.</summary>
    public int Blocks { get; init; } = 16;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(Blocks, least: 0);
    }
}

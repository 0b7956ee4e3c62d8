namespace Unpress.Networks;

/// <summary>Options of <see cref="Ddcn"/>.</summary>
public sealed record DdcnOptions
{
    /// <summary>Convolutions of each branch, and of the part that joins them.</summary>
    public int Depth { get; init; } = 10;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Layers(Depth, least: 2);
        Require.Width(Width);
    }
}

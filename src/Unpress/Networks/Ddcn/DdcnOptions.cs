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
        if (Depth < 2)
            throw new ArgumentException($"depth is {Depth}, must be 2 or more");
        if (Width < 1)
            throw new ArgumentException($"width is {Width}, must be 1 or more");
    }
}

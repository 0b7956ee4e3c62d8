namespace Unpress.Networks;

/// <summary>Options of <see cref="Daqe"/>.</summary>
public sealed record DaqeOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Groups of patches by defocus, and levels of enhancement: 2 to 4.</summary>
    public int Clusters { get; init; } = 3;

    /// <summary>Side of a patch in pixels, a multiple of 8.</summary>
    public int Patch { get; init; } = 128;

    /// <summary>Heads of the attention to the reference patch; they divide Width.</summary>
    public int Heads { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Within(Clusters, 2, 4);
        Require.Within(Patch, 8, 1024);
        if (Patch % 8 != 0)
            throw new ArgumentException($"patch is {Patch}, must be a multiple of 8");
        if (Heads < 1 || Width % Heads != 0)
            throw new ArgumentException($"heads is {Heads}, must divide width ({Width})");
    }
}

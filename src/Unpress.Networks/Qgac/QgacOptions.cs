namespace Unpress.Networks;

/// <summary>Options of <see cref="Qgac"/>; the defaults are the published network.</summary>
public sealed record QgacOptions
{
    /// <summary>3: luma and chroma. 1: the luma network alone.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels of the features of a block.</summary>
    public int Features { get; init; } = 256;

    /// <summary>Coefficient planes that a block network gives.</summary>
    public int Planes { get; init; } = 64;

    /// <summary>Channels of each frequency in the frequency network.</summary>
    public int FrequencyWidth { get; init; } = 4;

    /// <summary>Channels of the chroma network.</summary>
    public int ChromaWidth { get; init; } = 32;

    /// <summary>Channels of the networks that turn a quantisation table into filters.</summary>
    public int ManifoldWidth { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Features);
        Require.Width(Planes);
        Require.Width(FrequencyWidth);
        Require.Width(ChromaWidth);
        Require.Width(ManifoldWidth);
    }
}

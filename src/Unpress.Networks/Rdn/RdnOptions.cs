namespace Unpress.Networks;

/// <summary>
/// Options of <see cref="Rdn"/>. The defaults are PowerQE's (414,147 parameters); the paper's networks are width 64, growth 64, 16 blocks of
/// 8 layers (21,975,683 in RGB, without upscaling) and width 64, growth 32, 20 blocks of 6 (5,468,803).
/// </summary>
public sealed record RdnOptions
{
    /// <summary>1 (luma, as in the paper's JPEG experiments) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels between blocks, G0.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Channels that each dense layer adds, G.</summary>
    public int Growth { get; init; } = 32;

    /// <summary>Residual dense blocks, D.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Convolutions in a block, C.</summary>
    public int Layers { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Width(Growth);
        Require.Layers(Blocks);
        Require.Layers(Layers);
    }
}

namespace Unpress.Networks;

/// <summary>
/// Options of <see cref="MprNet"/>. The defaults are PowerQE's (887,217 parameters). The authors' networks have reduction 4 and 8 blocks in
/// stage 3, with width, U-Net growth and stage-3 growth of 96, 48, 32 (deblurring, 20,127,073 parameters), 80, 48, 32 (denoising,
/// 15,741,025) and 40, 20, 16 (deraining, 3,637,249).
/// </summary>
public sealed record MprNetOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at full size, n_feat.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Channels added at each of the two lower levels of the U-Nets, scale_unetfeats.</summary>
    public int UNetGrowth { get; init; } = 16;

    /// <summary>Channels added in stage 3, scale_orsnetfeats.</summary>
    public int FullSizeGrowth { get; init; } = 16;

    /// <summary>Channel attention blocks in each of stage 3's three groups, num_cab.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>How many times fewer channels the attention has inside.</summary>
    public int Reduction { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Width(UNetGrowth, least: 0);
        Require.Width(FullSizeGrowth, least: 0);
        Require.Layers(Blocks, least: 0);
        Require.Within(Reduction, 1, Width); // the attention keeps a channel
    }
}

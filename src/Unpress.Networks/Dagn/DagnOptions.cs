namespace Unpress.Networks;

/// <summary>Options of <see cref="Dagn"/>; the defaults are the released network.</summary>
public sealed record DagnOptions
{
    /// <summary>Channels at full, half, quarter and eighth resolution.</summary>
    public int[] Widths { get; init; } = [64, 128, 256, 512];

    /// <summary>Residual blocks of each encoder scale; guided blocks of each kind in each decoder scale.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Channels after the encoders' first convolution; their features have 32 times as many.</summary>
    public int EncoderWidth { get; init; } = 64;

    /// <summary>Bottlenecks in the four stages of the encoders.</summary>
    public int[] EncoderBlocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels inside the guiders.</summary>
    public int GuiderWidth { get; init; } = 512;

    /// <summary>The compression-insensitive features guide the decoder (the paper's CIGM).</summary>
    public bool InsensitiveGuidance { get; init; } = true;

    /// <summary>The compression-sensitive features guide the decoder (the paper's CSGM).</summary>
    public bool SensitiveGuidance { get; init; } = true;

    /// <summary>How the compression-insensitive features are fused in (the paper's CFM).</summary>
    public DagnFusionKind Fusion { get; init; } = DagnFusionKind.Added;

    /// <summary>
    /// The encoders keep their weights and their batch statistics, as the paper has it. The authors' program leaves their batch norm in
    /// training mode, so that its statistics go on moving.
    /// </summary>
    public bool FreezeEncoders { get; init; } = true;

    /// <summary>
    /// Share of the newest batch in the running statistics of the U-net's batch norm, above 0, at most 1. The authors' 0.9 keeps little more
    /// than the last batch.
    /// </summary>
    public double NormMomentum { get; init; } = 0.9;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Widths(Widths, 4);
        Require.Width(Widths[3], least: 2, name: "the last of widths"); // its half is the fusion's
        Require.Layers(Blocks);
        Require.Width(EncoderWidth);
        Require.LayerCounts(EncoderBlocks, 4);
        Require.Width(GuiderWidth);
        if (NormMomentum is not (> 0 and <= 1))
            throw new ArgumentException($"normMomentum {NormMomentum}: above 0, at most 1");
        if (!Enum.IsDefined(Fusion))
            throw new ArgumentException($"fusion {Fusion}: one of {string.Join(", ", Enum.GetNames<DagnFusionKind>())}");
    }
}

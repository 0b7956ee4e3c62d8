namespace Unpress.Networks;

/// <summary>Options of <see cref="Rbqe"/>.</summary>
public sealed record RbqeOptions
{
    /// <summary>1 (luma, as in the paper) or 3 (RGB, as in PowerQE).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at every level.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Nested U-Nets; number u reaches down u levels.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>An output after each U-Net (blind, early exit). False: only after the last, PowerQE's non-blind configuration.</summary>
    public bool EarlyExit { get; init; } = true;

    /// <summary>Efficient channel attention (ECA) before the convolutions.</summary>
    public bool Attention { get; init; }

    /// <summary>The codec whose block edges the quality assessment looks for.</summary>
    public RbqeCodec Codec { get; init; }

    /// <summary>
    /// The score from which on a picture is good enough to leave; null is the paper's for the codec, measured on luma: 0.79 for JPEG, 0.89
    /// for HEVC. A threshold belongs to the weights.
    /// </summary>
    public double? Threshold { get; init; }
}

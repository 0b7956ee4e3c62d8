namespace Unpress.Networks;

/// <summary>Options of <see cref="Rbqe"/>.</summary>
public sealed record RbqeOptions
{
    // Each level halves the picture and takes part in all deeper U-Nets.
    private const int MostDepth = 10;

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
    /// for HEVC. A threshold belongs to the weights. Scores are 0 to 1: with -1 every picture leaves at the first exit, with 2 none before the last.
    /// </summary>
    public double? Threshold { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Within(Depth, 1, MostDepth);
        if (Threshold is { } threshold)
            Require.Within(threshold, -1, 2);
    }
}

namespace Unpress.Networks;

/// <summary>Options of <see cref="Fbcnn"/>; the defaults are the published colour network.</summary>
public sealed record FbcnnOptions
{
    /// <summary>3: fbcnn_color. 1: fbcnn_gray and fbcnn_gray_double.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at full, half, quarter and eighth resolution.</summary>
    public int[] Widths { get; init; } = [64, 128, 256, 512];

    /// <summary>Residual blocks of each part.</summary>
    public int Blocks { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Widths(Widths, 4);
        Require.Layers(Blocks);
    }
}

namespace Unpress.Networks.Backbones;

/// <summary>Options of <see cref="ResNet50"/>; the defaults are torchvision's network.</summary>
public sealed record ResNet50Options
{
    /// <summary>Channels after the first convolution; stage k gives 4 · 2^(k−1) times as many: 256, 512, 1024, 2048.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Bottlenecks in each of the four stages.</summary>
    public int[] Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Stride of the last stage: 2, or 1 for features at a sixteenth of the picture instead of a thirty-second (DAGN).</summary>
    public int LastStride { get; init; } = 2;

    /// <summary>Take ImageNet's mean and deviation out of the picture, as its weights expect; DAGN's encoders take 0..1 as it is.</summary>
    public bool Normalise { get; init; } = true;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Width(Width);
        Require.LayerCounts(Blocks, 4);
        Require.Within(LastStride, 1, 2);
    }
}

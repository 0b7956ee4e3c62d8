namespace Unpress.Networks;

/// <summary>Options of <see cref="FeatureEncoder"/>.</summary>
public sealed record FeatureEncoderOptions
{
    /// <summary>Convolutions in each of the five blocks; the default is VGG-19's layout, so that layers have its names.</summary>
    public int[] Blocks { get; init; } = [2, 2, 4, 4, 4];

    /// <summary>Channels of the first block; VGG-19 has 64.</summary>
    public int Width { get; init; } = 16;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.LayerCounts(Blocks, 5);
        Require.Width(Width);
    }
}

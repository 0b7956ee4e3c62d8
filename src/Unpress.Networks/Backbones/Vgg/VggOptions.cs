namespace Unpress.Networks.Backbones;

/// <summary>Options of <see cref="Vgg"/>.</summary>
public record VggOptions
{
    /// <summary>Convolutions in each of the five blocks: 2, 2, 3, 3, 3 is VGG-16, 2, 2, 4, 4, 4 is VGG-19.</summary>
    public int[] Blocks { get; init; } = [2, 2, 4, 4, 4];

    /// <summary>Channels of the first block; the others have 2, 4, 8 and 8 times as many.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Pool by root mean square under a soft window (DISTS) instead of by the maximum.</summary>
    public bool L2Pooling { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.LayerCounts(Blocks, 5);
        Require.Width(Width);
    }
}

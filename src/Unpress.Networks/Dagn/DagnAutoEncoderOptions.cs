namespace Unpress.Networks;

/// <summary>Options of <see cref="DagnAutoEncoder"/>; the defaults are the published size.</summary>
public sealed record DagnAutoEncoderOptions
{
    /// <summary>Channels after the encoder's first convolution; the features have 32 times as many.</summary>
    public int EncoderWidth { get; init; } = 64;

    /// <summary>Bottlenecks in the four stages of the encoder.</summary>
    public int[] EncoderBlocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of the decoder's widest layer, a multiple of 64.</summary>
    public int DecoderWidth { get; init; } = 1024;

    /// <summary>With <see cref="DagnQualityPredictor"/> on its features, for the compression-sensitive one.</summary>
    public bool PredictsQuality { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Width(EncoderWidth);
        Require.LayerCounts(EncoderBlocks, 4);
        Require.Width(DecoderWidth, least: 64);
        if (DecoderWidth % 64 != 0)
            throw new ArgumentException($"decoderWidth is {DecoderWidth}, must be a multiple of 64");
    }
}

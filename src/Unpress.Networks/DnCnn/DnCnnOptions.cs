namespace Unpress.Networks;

/// <summary>
/// Options of <see cref="DnCnn"/>. The blind DnCNN-3 of the paper is 20 layers, gray, without batch norm in its released weights. PowerQE:
/// channels 3, depth 17, subtract false (557,443 parameters; with batchNorm 558,403).
/// </summary>
public sealed record DnCnnOptions
{
    /// <summary>1 (luma) or 3 (RGB).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Convolutions in all: 17 for a known level, 20 for the blind model.</summary>
    public int Depth { get; init; } = 20;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Batch normalisation between convolution and ReLU in the inner layers, as published for training.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>True: output = input − net(input), the paper's residual learning. False: output = input + net(input), PowerQE's sign.</summary>
    public bool Subtract { get; init; } = true;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Layers(Depth, least: 3);
        Require.Width(Width);
    }
}

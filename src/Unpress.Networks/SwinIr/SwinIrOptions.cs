namespace Unpress.Networks;

/// <summary>Options of <see cref="SwinIr"/>. The defaults are the published colour model for JPEG (SwinIR-M, 126×126 training patches).</summary>
public sealed record SwinIrOptions
{
    /// <summary>1 (gray) or 3 (RGB); both are published.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside (embed_dim); a multiple of every entry of <see cref="Heads"/>.</summary>
    public int Width { get; init; } = 180;

    /// <summary>Swin layers in each residual group.</summary>
    public int[] Depths { get; init; } = [6, 6, 6, 6, 6, 6];

    /// <summary>Attention heads in each residual group.</summary>
    public int[] Heads { get; init; } = [6, 6, 6, 6, 6, 6];

    /// <summary>Side of an attention window: 7 for JPEG, so that windows never lie on the 8×8 blocks.</summary>
    public int Window { get; init; } = 7;

    /// <summary>Hidden channels of the two-layer perceptrons, relative to <see cref="Width"/>.</summary>
    public double MlpRatio { get; init; } = 2;

    /// <summary>Side of the training patches: the official files hold the attention masks of this size.</summary>
    public int TrainingSize { get; init; } = 126;

    /// <summary>White inside the network (img_range): 255 for JPEG, 1 for the authors' other tasks.</summary>
    public double Range { get; init; } = 255;

    /// <summary>
    /// Stochastic depth while training: the chance that the last layer is left out for a picture, rising to it in a straight line from 0
    /// at the first.
    /// </summary>
    public double DropPath { get; init; } = 0.1;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Layers(Depths.Length, name: "number of depths");
        Require.LayerCounts(Depths, Depths.Length);
        Require.Layers(Depths.Sum(), name: "sum of depths");
        Require.LayerCounts(Heads, Depths.Length);
        Require.Width(Width);
        if (Heads.Any(heads => Width % heads != 0))
            throw new ArgumentException($"width is {Width}, must be a multiple of every number of heads");
        // The masks grow with the fourth power of the window, and with the square of the training size.
        Require.Within(Window, 2, 32);
        Require.Within(TrainingSize, Window, 1024);
        if (TrainingSize % Window != 0)
            throw new ArgumentException($"trainingSize is {TrainingSize}, must be a multiple of the window, {Window}");
        Require.Within(MlpRatio, 0, 100);
        if (Width * MlpRatio < 1)
            throw new ArgumentException("mlpRatio: must leave the perceptrons a channel");
        if (!(Range > 0 && DropPath is >= 0 and < 1))
            throw new ArgumentException("range: more than 0; dropPath: from 0 to below 1");
    }
}

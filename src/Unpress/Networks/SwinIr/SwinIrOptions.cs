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
        if (Channels is not (1 or 3))
            throw new ArgumentException($"channels {Channels}: 1 or 3");
        if (Depths.Length == 0 || Depths.Length != Heads.Length || Depths.Any(depth => depth < 1))
            throw new ArgumentException("depths and heads: one of each for every group, depths of at least 1");
        if (Width < 1 || Heads.Any(heads => heads < 1 || Width % heads != 0))
            throw new ArgumentException($"width {Width}: a multiple of every number of heads");
        if (Window < 2)
            throw new ArgumentException($"window {Window}: at least 2");
        if (TrainingSize < Window || TrainingSize % Window != 0)
            throw new ArgumentException($"trainingSize {TrainingSize}: a multiple of the window, {Window}");
        if (!(MlpRatio > 0 && Range > 0 && DropPath is >= 0 and < 1))
            throw new ArgumentException("mlpRatio and range: more than 0; dropPath: from 0 to below 1");
    }
}

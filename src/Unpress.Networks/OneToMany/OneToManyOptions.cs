namespace Unpress.Networks;

/// <summary>
/// Options of <see cref="OneToMany"/>. Of the numbers the paper's public copies print only the structure; the defaults are our reading
/// (1.556 M parameters in gray, 1.112 M without noise).
/// </summary>
public sealed record OneToManyOptions
{
    /// <summary>1 (luma, as in the paper's tables) or 3 (RGB, its section 4.3).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Residual units of the image branch, and of the noise branch.</summary>
    public int BranchUnits { get; init; } = 5;

    /// <summary>Residual units after the branches are joined.</summary>
    public int AggregationUnits { get; init; } = 10;

    /// <summary>Side of the strided and of the transposed convolution's kernels; even.</summary>
    public int Kernel { get; init; } = 4;

    /// <summary>The noise branch; without it the network is the paper's baseline, which has one answer.</summary>
    public bool Noise { get; init; } = true;

    /// <summary>σ of z: what the unit normal numbers given as noise are multiplied with.</summary>
    public double NoiseDeviation { get; init; } = 1;

    /// <summary>The mean of four shifted copies after the transposed convolution; off only to see the grid it removes (Fig. 8a).</summary>
    public bool ShiftAndAverage { get; init; } = true;

    /// <summary>
    /// One model for a range of qualities: the units after the join are scaled and shifted by the quality factor, which is given or else
    /// estimated from the picture. The paper trains one model for each quality.
    /// </summary>
    public bool QualityAware { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(BranchUnits, least: 0);
        Require.Layers(AggregationUnits, least: 0);
        if (Kernel is < 2 or > 32 || Kernel % 2 != 0)
            throw new ArgumentException($"kernel is {Kernel}, must be an even number, 2 to 32");
        if (!(NoiseDeviation >= 0))
            throw new ArgumentException($"noiseDeviation {NoiseDeviation}: at least 0");
    }
}

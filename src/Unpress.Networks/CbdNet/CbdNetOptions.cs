namespace Unpress.Networks;

/// <summary>Options of <see cref="CbdNet"/>; the defaults are PowerQE's (3,944,710 parameters).</summary>
public sealed record CbdNetOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside the estimator of the damage.</summary>
    public int EstimatorWidth { get; init; } = 32;

    /// <summary>Channels of the U-Net at full size; doubled at half, doubled again at quarter size.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(EstimatorWidth);
        Require.Width(Width);
    }
}

namespace Unpress.Networks;

/// <summary>Options of <see cref="D3"/>.</summary>
public sealed record D3Options
{
    /// <summary>Atoms of each of the two dictionaries: 256 for D3-256, 128 for D3-128.</summary>
    public int Atoms { get; init; } = 256;

    /// <summary>Where the soft thresholds begin, in units of 1/255 of the range; they are trained, one an atom.</summary>
    public double Threshold { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Width(Atoms);
        Require.Within(Threshold, 0, 255);
    }
}

namespace Unpress.Networks;

/// <summary>Options of <see cref="Tnrd"/>; the defaults are the published deblocking models.</summary>
public sealed record TnrdOptions
{
    private const int LargestFilter = 15;

    /// <summary>Diffusion steps, each with filters and influence functions of its own.</summary>
    public int Stages { get; init; } = 4;

    /// <summary>Side of the filters in pixels, odd; there are FilterSize² − 1 of them.</summary>
    public int FilterSize { get; init; } = 7;

    /// <summary>How far from the middle of its interval a coefficient may end, in steps: 0.5 is all of it, the authors' evaluation on BSDS has 0.4.</summary>
    public double Slack { get; init; } = 0.5;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Layers(Stages);
        Require.Within(FilterSize, 3, LargestFilter);
        if (FilterSize % 2 == 0)
            throw new ArgumentException($"filterSize is {FilterSize}, must be odd");
        Require.Within(Slack, 0, 0.5);
    }
}

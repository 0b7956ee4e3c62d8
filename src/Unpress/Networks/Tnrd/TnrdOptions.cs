namespace Unpress.Networks;

/// <summary>Options of <see cref="Tnrd"/>; the defaults are the published deblocking models.</summary>
public sealed record TnrdOptions
{
    /// <summary>Diffusion steps, each with filters and influence functions of its own.</summary>
    public int Stages { get; init; } = 4;

    /// <summary>Side of the filters in pixels, odd; there are FilterSize² − 1 of them.</summary>
    public int FilterSize { get; init; } = 7;

    /// <summary>How far from the middle of its interval a coefficient may end, in steps: 0.5 is all of it, the authors' evaluation on BSDS has 0.4.</summary>
    public double Slack { get; init; } = 0.5;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        if (Stages < 1)
            throw new ArgumentException($"stages is {Stages}, must be 1 or more");
        if (FilterSize < 3 || FilterSize % 2 == 0)
            throw new ArgumentException($"filterSize is {FilterSize}, must be odd and 3 or more");
        if (Slack is not (>= 0 and <= 0.5))
            throw new ArgumentException(FormattableString.Invariant($"slack is {Slack}, must be 0..0.5"));
    }
}

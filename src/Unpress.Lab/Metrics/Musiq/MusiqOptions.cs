namespace Unpress.Metrics;

/// <summary>Options of <see cref="MusiqNetwork"/>; the defaults are the published networks.</summary>
public sealed record MusiqOptions
{
    /// <summary>Longer sides to which the picture is brought, beside its own size.</summary>
    public int[] Sides { get; init; } = [224, 384];

    /// <summary>Channels of the patch encoder's first convolution, a multiple of the groups.</summary>
    public int Stem { get; init; } = 64;

    /// <summary>Groups of its normalisation.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Numbers in a token.</summary>
    public int Width { get; init; } = 384;

    public int Heads { get; init; } = 6;

    public int Blocks { get; init; } = 14;

    /// <summary>Width between the two linear layers of a block.</summary>
    public int Inner { get; init; } = 1152;

    /// <summary>1 for a score, 10 for the distribution of opinions 1..10 (AVA), whose mean is the score.</summary>
    public int Outputs { get; init; } = 1;
}

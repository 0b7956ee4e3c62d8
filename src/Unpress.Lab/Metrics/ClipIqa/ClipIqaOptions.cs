namespace Unpress.Metrics;

/// <summary>Options of <see cref="ClipIqaNetwork"/>; the defaults are CLIP's RN50.</summary>
public sealed record ClipIqaOptions
{
    /// <summary>Two prompts of opposite meaning, each as numbers of words in CLIP's vocabulary; the first of them praises.</summary>
    public required IReadOnlyList<(int[] Good, int[] Bad)> Pairs { get; init; }

    /// <summary>Channels after the picture's first layers, even; a head of the attention at the end has 64 of their 32-fold.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Bottlenecks in each of the four stages.</summary>
    public int[] Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Numbers that describe a picture or a prompt.</summary>
    public int Features { get; init; } = 1024;

    /// <summary>Numbers in a token of a prompt.</summary>
    public int TextWidth { get; init; } = 512;

    public int TextHeads { get; init; } = 8;

    public int TextBlocks { get; init; } = 12;

    /// <summary>Words of the vocabulary; the last two are the beginning and the end of a prompt.</summary>
    public int Vocabulary { get; init; } = 49408;

    /// <summary>Tokens that a prompt can have.</summary>
    public int Context { get; init; } = 77;
}

namespace Unpress.Metrics;

/// <summary>
/// The prompts of CLIP-IQA as CLIP's tokenizer numbers their words, so that neither it nor its vocabulary is needed.
/// </summary>
internal static class ClipPrompts
{
    private const int Image = 2867, Photo = 1125, Point = 269, Edges = 20938;

    /// <summary>"Good photo." and "Bad photo.": the paper's.</summary>
    public static IReadOnlyList<(int[] Good, int[] Bad)> Photos { get; } = [([886, Photo, Point], [2103, Photo, Point])];

    /// <summary>Good and bad, sharp and blurry, sharp and blurry edges, high and low resolution, noise-free and noisy: pyiqa's.</summary>
    public static IReadOnlyList<(int[] Good, int[] Bad)> Images { get; } =
    [
        ([886, Image], [2103, Image]),
        ([8157, Image], [21977, Image]),
        ([8157, Edges], [21977, Edges]),
        ([1400, 9977, Image], [1042, 9977, Image]),
        ([9307, 268, 1139, Image], [33495, Image]),
    ];
}

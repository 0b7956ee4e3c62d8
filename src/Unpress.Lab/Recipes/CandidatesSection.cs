using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>How the answers of one-to-many networks are drawn.</summary>
public sealed record CandidatesSection : IHasFaults
{
    /// <summary>Of each picture, two or more.</summary>
    public int Count { get; init; } = 4;

    /// <summary>What the noise z is multiplied with, each on a line of its own: 0 none, 1 as in training.</summary>
    public IReadOnlyList<double> Noise { get; init; } = [0, 0.5, 1, 2];

    /// <summary>Of the first candidate; the others have the next ones.</summary>
    public long Seed { get; init; } = 1;

    public IEnumerable<string> Faults()
    {
        if (Count < 2)
            yield return $"count is {Count}, must be 2 or more";
        if (Noise.Count == 0)
            yield return "noise is empty";
        foreach (double scale in Noise.Where(scale => !(scale >= 0)))
            yield return FormattableString.Invariant($"noise has {scale}, must be 0 or more");
    }
}

using Unpress.Recipes;

namespace Unpress.Losses;

/// <summary>Options of <see cref="RbqeExitsLoss"/>.</summary>
public sealed record RbqeExitsOptions : IHasFaults
{
    /// <summary>The qualities of the five rows of weights, best first: quality factors for JPEG; QPs for HEVC are 22, 27, 32, 37, 42.</summary>
    public IReadOnlyList<int> Qualities { get; init; } = [50, 40, 30, 20, 10];

    public IEnumerable<string> Faults()
    {
        if (Qualities.Count != RbqeExitsLoss.Exits)
            yield return FormattableString.Invariant($"qualities has {Qualities.Count} numbers, must have {RbqeExitsLoss.Exits}");
    }
}

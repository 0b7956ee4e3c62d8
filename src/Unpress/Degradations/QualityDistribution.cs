using Unpress.Data;
using Unpress.Recipes;

namespace Unpress.Degradations;

/// <summary>
/// Which quality factors are drawn: uniformly from a range, from a list, or a mix of both, as FBCNN (Jiang, Zhang, Timofte 2021) does
/// with a quarter uniform.
/// </summary>
public sealed record QualityDistribution : IHasFaults
{
    public int Min { get; init; } = 5;

    public int Max { get; init; } = 98;

    /// <summary>Quality factors drawn with equal chance; repeat one to draw it more often.</summary>
    public IReadOnlyList<int> List { get; init; } = [];

    /// <summary>Share drawn from Min..Max instead of the list, 0..1; without a list all are.</summary>
    public double Uniform { get; init; } = 0.25;

    public int Draw(ref SampleRandom random)
    {
        bool uniform = random.Chance(Uniform) || List.Count == 0;
        return uniform ? Min + random.Next(Max - Min + 1) : List[random.Next(List.Count)];
    }

    public IEnumerable<string> Faults()
    {
        if (Min < 1 || Max > 100 || Min > Max)
            yield return $"min..max is {Min}..{Max}, must lie in 1..100";
        foreach (int quality in List.Where(quality => quality is < 1 or > 100))
            yield return $"list has {quality}, must be 1..100";
        if (Uniform is not (>= 0 and <= 1))
            yield return FormattableString.Invariant($"uniform is {Uniform}, must be 0..1");
    }
}

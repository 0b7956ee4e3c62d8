using Unpress.Data;
using Unpress.Imaging.Codecs;
using Unpress.Recipes;

namespace Unpress.Degradations;

/// <summary>
/// Which settings of the codec (quality factors, QPs) are drawn: uniformly from a range, from a list, or a mix of both, as FBCNN (Jiang,
/// Zhang, Timofte 2021) does with a quarter uniform.
/// </summary>
public sealed record QualityDistribution : IHasFaults
{
    public int Min { get; init; } = 5;

    public int Max { get; init; } = 98;

    /// <summary>Drawn with equal chance; repeat one to draw it more often.</summary>
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
        if (Min > Max)
            yield return $"min..max is {Min}..{Max}, must rise";
        if (Uniform is not (>= 0 and <= 1))
            yield return FormattableString.Invariant($"uniform is {Uniform}, must be 0..1");
    }

    /// <summary>What may be drawn and is no setting of this codec.</summary>
    public IEnumerable<string> FaultsFor(ICodec codec)
    {
        if ((Uniform > 0 || List.Count == 0) && (Min < codec.MinQuality || Max > codec.MaxQuality))
            yield return $"min..max is {Min}..{Max}, and {codec.Name} takes {codec.QualityName}{(List.Count > 0 ? "; or set uniform to 0" : "")}";
        foreach (int quality in List.Where(quality => quality < codec.MinQuality || quality > codec.MaxQuality))
            yield return $"list has {quality}, and {codec.Name} takes {codec.QualityName}";
    }
}

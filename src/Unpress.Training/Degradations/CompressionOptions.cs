using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Recipes;

namespace Unpress.Degradations;

/// <summary>How training patches are compressed, whatever the codec.</summary>
public sealed record CompressionOptions : IHasFaults
{
    public QualityDistribution Quality { get; init; } = new();

    public SubsamplingShares Subsampling { get; init; } = new();

    /// <summary>
    /// Share of patches that start on the compressed picture's grid (multiples of 16, one 4:2:0 unit), 0..1; whole pictures do.
    /// The rest start anywhere, so that the network cannot lean on where the grid lies.
    /// </summary>
    public double Aligned { get; init; } = 0.5;

    /// <summary>Share of patches saved twice, 0..1, each time with a quality and subsampling of its own.</summary>
    public double Double { get; init; }

    /// <summary>Of those saved twice, the share cropped by 0..7 pixels in between, so that the two grids differ; 0..1.</summary>
    public double Shifted { get; init; } = 0.5;

    /// <summary>Share of patches left uncompressed, 0..1: the network learns to leave good pictures alone.</summary>
    public double Raw { get; init; }

    public IEnumerable<string> Faults()
    {
        foreach (var (name, value) in new[] { ("aligned", Aligned), ("double", Double), ("shifted", Shifted), ("raw", Raw) })
        {
            if (value is not (>= 0 and <= 1))
                yield return FormattableString.Invariant($"{name} is {value}, must be 0..1");
        }
    }

    /// <summary>What may be drawn and this codec cannot do; each begins with its key.</summary>
    public IEnumerable<string> FaultsFor(ICodec codec)
    {
        foreach (string fault in Quality.FaultsFor(codec))
            yield return $"quality: {fault}";
        foreach (var (name, chroma, share) in Subsampling.Shares.Where(entry => entry.Share > 0 && !codec.Subsamplings.Contains(entry.Chroma)))
            yield return FormattableString.Invariant($"subsampling: {name} is {share}, and {codec.Name} cannot code it; set it to 0");
    }
}

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

/// <summary>How often each chroma subsampling is drawn, as shares of their sum.</summary>
public sealed record SubsamplingShares : IHasFaults
{
    public double C420 { get; init; } = 0.8;

    public double C422 { get; init; } = 0.05;

    public double C444 { get; init; } = 0.15;

    internal IEnumerable<(string Name, ChromaSubsampling Chroma, double Share)> Shares
        => [("c420", ChromaSubsampling.C420, C420), ("c422", ChromaSubsampling.C422, C422), ("c444", ChromaSubsampling.C444, C444)];

    public ChromaSubsampling Draw(ref SampleRandom random)
    {
        double ticket = random.NextDouble() * (C420 + C422 + C444);
        return ticket < C420 ? ChromaSubsampling.C420 : ticket < C420 + C422 ? ChromaSubsampling.C422 : ChromaSubsampling.C444;
    }

    public IEnumerable<string> Faults()
    {
        if (C420 is not >= 0 || C422 is not >= 0 || C444 is not >= 0 || !double.IsFinite(C420 + C422 + C444) || C420 + C422 + C444 <= 0)
            yield return FormattableString.Invariant($"shares are {C420}, {C422}, {C444}, must be 0 or more and not all 0");
    }
}

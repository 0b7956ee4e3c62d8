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

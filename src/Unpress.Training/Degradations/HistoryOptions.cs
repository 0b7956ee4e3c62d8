using Unpress.Data;
using Unpress.Imaging.Codecs;
using Unpress.Recipes;

namespace Unpress.Degradations;

/// <summary>
/// What pictures go through before somebody wants them restored: saved once, or saved, cropped or scaled, and saved again. Shares are 0..1.
/// </summary>
public sealed record HistoryOptions : IHasFaults
{
    /// <summary>Share of undamaged patches: the network learns to leave good pictures alone.</summary>
    public double Raw { get; init; } = 0.05;

    /// <summary>Share of undamaged patches saved once at a quality factor of <see cref="LightFrom"/>..100.</summary>
    public double Light { get; init; } = 0.05;

    public int LightFrom { get; init; } = 92;

    /// <summary>Share of patches saved once, by <see cref="First"/>. The rest is saved twice.</summary>
    public double Once { get; init; } = 0.4;

    /// <summary>Of those saved twice, the share that is cropped or scaled and saved a third time.</summary>
    public double Third { get; init; } = 0.05;

    /// <summary>Quality factors of the first save.</summary>
    public QualityDistribution First { get; init; } = new();

    /// <summary>Quality factors of later saves.</summary>
    public QualityDistribution Later { get; init; } = new() { Min = 60, Max = 100 };

    public SubsamplingShares Subsampling { get; init; } = new();

    /// <summary>Share of first saves that are WebP instead of JPEG; the quality is that of <see cref="First"/>, at least 5.</summary>
    public double Webp { get; init; }

    /// <summary>Between two saves: the share that is cropped by 0..15 columns and rows.</summary>
    public double Crop { get; init; } = 0.5;

    /// <summary>Between two saves: the share that is scaled, independently of the crop, which comes first.</summary>
    public double Scale { get; init; } = 0.35;

    /// <summary>Factors of scaling are drawn from here to 1.</summary>
    public double ScaleFrom { get; init; } = 0.4;

    /// <summary>Of those scaled, the share that is enlarged, by up to <see cref="EnlargeTo"/>.</summary>
    public double Enlarge { get; init; } = 0.1;

    public double EnlargeTo { get; init; } = 1.5;

    /// <summary>Share of patches that start on the grid of the last save (multiples of 16).</summary>
    public double Aligned { get; init; } = 0.5;

    public IEnumerable<string> Faults()
    {
        foreach (var (name, value) in new[]
        {
            ("raw", Raw), ("light", Light), ("once", Once), ("third", Third), ("webp", Webp), ("crop", Crop), ("scale", Scale), ("enlarge", Enlarge),
            ("aligned", Aligned),
        })
        {
            if (value is not (>= 0 and <= 1))
                yield return FormattableString.Invariant($"{name} is {value}, must be 0..1");
        }

        if (Raw + Light + Once > 1)
            yield return FormattableString.Invariant($"raw, light and once are {Raw + Light + Once} together, must be 1 at most");
        if (ScaleFrom is not (>= 0.25 and <= 1))
            yield return FormattableString.Invariant($"scaleFrom is {ScaleFrom}, must be 0.25..1");
        if (EnlargeTo is not (>= 1 and <= 4))
            yield return FormattableString.Invariant($"enlargeTo is {EnlargeTo}, must be 1..4");
        if (LightFrom is < 1 or > 100)
            yield return $"lightFrom is {LightFrom}, must be 1..100";
        foreach (string fault in First.FaultsFor(JpegCodec.Instance))
            yield return $"first: {fault}";
        foreach (string fault in Later.FaultsFor(JpegCodec.Instance))
            yield return $"later: {fault}";
    }
}

/// <summary>What happens to a picture between two saves.</summary>
/// <param name="Left">Columns cropped away on the left.</param>
/// <param name="Top">Rows cropped away at the top.</param>
/// <param name="Factor">New size over old size; 1 for pictures that are not scaled.</param>
internal readonly record struct Between(int Left, int Top, double Factor, ResamplingKernel Kernel)
{
    private const int LargestCrop = 15;

    public static Between Draw(ref SampleRandom random, HistoryOptions options, double smallest)
    {
        int left = 0, top = 0;
        double factor = 1;
        if (random.Chance(options.Crop))
            (left, top) = (random.Next(LargestCrop + 1), random.Next(LargestCrop + 1));
        if (random.Chance(options.Scale))
        {
            factor = random.Chance(options.Enlarge)
                ? 1 + (random.NextDouble() * (options.EnlargeTo - 1))
                : Math.Max(smallest, options.ScaleFrom + (random.NextDouble() * (1 - options.ScaleFrom)));
        }

        return new Between(left, top, factor, (ResamplingKernel)random.Next(4));
    }
}

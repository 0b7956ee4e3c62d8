using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Recipes;

namespace Unpress.Degradations;

/// <summary>
/// Several saves with crops and scalings between them, as pictures on the web have behind them. The raw patch goes through the same crops
/// and scalings, so that it is what the compressed one should look like.
/// </summary>
public sealed class HistoryDegradation(HistoryOptions options) : IDegradation
{
    private const int CodingUnit = 16;

    /// <summary>Pixels around the patch in the picture last saved: its grid may lie anywhere, with one unit of real neighbours.</summary>
    private const int Margin = 2 * CodingUnit;

    /// <summary>Pixels that one crop between saves can take away.</summary>
    private const int LargestCrop = CodingUnit - 1;

    private const int LowestWebp = 5;

    public HistoryOptions Options { get; } = options;

    /// <summary>Room for patches of 96 pixels at the smallest scale; larger patches are scaled less where the region ends.</summary>
    public int Slack => (int)Math.Ceiling((96 + Margin) / Options.ScaleFrom) + (2 * LargestCrop) - 96;

    public CopiesPlan? Copies { get; } = options.Copies is { } copies
        ? new CopiesPlan(CodecList.Find(copies.Codec), new QualityDistribution { List = copies.Settings, Uniform = 0 }, copies.Share, Raw: 0, copies.Aligned)
        : null;

    public DegradationFacts Degrade(
        ref SampleRandom random, ReadOnlySpan<byte> region, int side, int bands, int patch, Span<byte> x, Span<byte> y)
    {
        double kind = random.NextDouble();
        bool raw = kind < Options.Raw, light = !raw && kind < Options.Raw + Options.Light;
        int saves = raw ? 0 : kind < Options.Raw + Options.Light + Options.Once ? 1 : random.Chance(Options.Third) ? 3 : 2;
        var picture = Start(ref random, region, side, bands, patch, saves, out var between);
        byte[] clean = picture, damaged = picture;
        int width = between.Size, first = 0, last = 100;
        var subsampling = ChromaSubsampling.C420;
        for (int save = 0; save < saves; save++)
        {
            if (save > 0)
            {
                var step = between.Steps[save - 1];
                clean = Apply(step, clean, width, bands, out _);
                damaged = Apply(step, damaged, width, bands, out width);
            }

            subsampling = Options.Subsampling.Draw(ref random);
            last = light ? Options.LightFrom + random.Next(101 - Options.LightFrom) : (save == 0 ? Options.First : Options.Later).Draw(ref random);
            if (save == 0)
                first = last;
            bool webp = random.Chance(Options.Webp) && save == 0 && !light;
            damaged = webp
                ? CodecDegradation.RoundtripOf(CodecList.Find("webp"), damaged, width, width, bands, Math.Max(LowestWebp, last))
                : RoundtripOf(damaged, width, bands, last, subsampling);
        }

        bool aligned = random.Chance(Options.Aligned);
        int offsetX = CodecDegradation.Offset(ref random, width - patch, aligned, CodingUnit), offsetY = CodecDegradation.Offset(
            ref random, width - patch, aligned, CodingUnit);
        CodecDegradation.Crop(clean, width, bands, offsetX, offsetY, patch, patch, y);
        CodecDegradation.Crop(damaged, width, bands, offsetX, offsetY, patch, patch, x);
        var shift = saves == 2 ? between.Steps[0] : default;
        return new DegradationFacts(!raw, last, saves > 1 ? first : 0, subsampling, offsetX, offsetY, shift.Left, shift.Top);
    }

    /// <summary>
    /// Draws what happens between the saves, and cuts as much out of the region as will be left with the patch and its margin after it.
    /// </summary>
    private byte[] Start(
        ref SampleRandom random, ReadOnlySpan<byte> region, int side, int bands, int patch, int saves, out (int Size, Between[] Steps) plan)
    {
        var steps = new Between[Math.Max(0, saves - 1)];
        int size = Math.Min(side, patch + Margin);
        for (int step = steps.Length - 1; step >= 0; step--)
        {
            // What the region cannot give is not scaled so far.
            double smallest = (double)size / Math.Max(size, side - (LargestCrop * (step + 1)));
            var drawn = Between.Draw(ref random, Options, smallest);
            int before = (int)Math.Ceiling(size / drawn.Factor) + Math.Max(drawn.Left, drawn.Top);
            if (before > side)
                (drawn, before) = (default(Between) with { Factor = 1 }, size);
            steps[step] = drawn;
            size = before;
        }

        byte[] picture = new byte[size * size * bands];
        CodecDegradation.Crop(region, side, bands, random.Next(side - size + 1), random.Next(side - size + 1), size, size, picture);
        plan = (size, steps);
        return picture;
    }

    // Squares stay squares: the picture loses as many columns on the right as keep it one.
    private static byte[] Apply(Between step, byte[] picture, int size, int bands, out int newSize)
    {
        int kept = size - Math.Max(step.Left, step.Top);
        byte[] result = picture;
        if (kept < size)
        {
            result = new byte[kept * kept * bands];
            CodecDegradation.Crop(picture, size, bands, step.Left, step.Top, kept, kept, result);
        }

        newSize = step.Factor == 1 ? kept : (int)Math.Round(kept * step.Factor);
        return newSize == kept ? result : Resampler.Resize(result, kept, kept, bands, newSize, newSize, step.Kernel);
    }

    private static byte[] RoundtripOf(byte[] picture, int size, int bands, int quality, ChromaSubsampling subsampling)
    {
        byte[] result = new byte[picture.Length];
        JpegCodec.Roundtrip(picture, size, size, bands, quality, subsampling, result);
        return result;
    }
}

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

    /// <summary>Another codec, whose patches come from the copies that folders name; left out: none.</summary>
    public HistoryCopies? Copies { get; init; }

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
        foreach (string fault in Copies?.Faults() ?? [])
            yield return $"copies: {fault}";
    }
}

/// <summary>Patches of a history that are cut from pictures compressed once, as a whole, by another codec.</summary>
public sealed record HistoryCopies : IHasFaults
{
    public string Codec { get; init; } = "hevc";

    /// <summary>Drawn with equal chance, in the codec's own scale.</summary>
    public required IReadOnlyList<int> Settings { get; init; }

    /// <summary>Of the patches of folders that name copies, 0..1.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>Share of these that start on the codec's largest coding unit.</summary>
    public double Aligned { get; init; } = 0.5;

    public IEnumerable<string> Faults()
    {
        if (CodecList.All.FirstOrDefault(codec => codec.Name == Codec) is not { } codec || codec is JpegCodec)
        {
            yield return $"codec is {Codec}, must be one of {string.Join(", ", CodecList.All.Where(codec => codec is not JpegCodec).Select(codec => codec.Name))}";
            yield break;
        }

        if (Settings.Count == 0)
            yield return "settings is empty";
        foreach (string fault in new QualityDistribution { List = Settings, Uniform = 0 }.FaultsFor(codec))
            yield return fault.Replace("list has", "settings has", StringComparison.Ordinal);
        foreach (var (name, value) in new[] { ("share", Share), ("aligned", Aligned) })
        {
            if (value is not (>= 0 and <= 1))
                yield return FormattableString.Invariant($"{name} is {value}, must be 0..1");
        }
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

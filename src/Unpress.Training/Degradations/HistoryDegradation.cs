using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

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
        int offsetX = CodecDegradation.Offset(ref random, width - patch, aligned), offsetY = CodecDegradation.Offset(ref random, width - patch, aligned);
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

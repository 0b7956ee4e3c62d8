using Unpress.Data;
using Unpress.Degradations;
using Unpress.Recipes;

namespace Unpress.Patches;

/// <summary>
/// Makes training samples. Sample i is a pure function of (pack, options, seed, i): no state, so the position in the data is one
/// integer, and any number of threads gives the same samples.
/// </summary>
public sealed class PatchSampler
{
    private readonly IDegradation _degradation;
    private readonly CompressedPairs? _pairs;
    private readonly ulong _seed;
    private readonly int[] _eligible;
    private readonly long[] _cumulative;

    /// <param name="pairs">The same pictures as compressed before; null where the degradation compresses each patch.</param>
    /// <exception cref="ArgumentException">No picture is as large as a patch.</exception>
    public PatchSampler(PackedImages images, IDegradation degradation, PatchOptions options, ulong seed, CompressedPairs? pairs = null)
    {
        Images = images;
        Options = options;
        _degradation = degradation;
        _seed = seed;
        _pairs = pairs;
        _eligible = [.. Enumerable.Range(0, images.Count).Where(i => Math.Min(images[i].Width, images[i].Height) >= options.Size)];
        if (_eligible.Length == 0)
            throw new ArgumentException($"none of the {images.Count} training pictures is as large as a patch of {options.Size} pixels");
        _cumulative = new long[_eligible.Length];
        long sum = 0;
        for (int i = 0; i < _eligible.Length; i++)
        {
            var image = images[_eligible[i]];
            sum += options.Weighting == ImageWeighting.Area ? (long)image.Width * image.Height : 1;
            _cumulative[i] = sum;
        }
    }

    public PackedImages Images { get; }

    public PatchOptions Options { get; }

    /// <summary>Pictures large enough to be drawn from.</summary>
    public int EligibleImages => _eligible.Length;

    /// <summary>Bytes of one patch: Channels × Size × Size.</summary>
    public int PatchBytes => Options.Channels * Options.Size * Options.Size;

    /// <summary>Makes sample <paramref name="index"/>.</summary>
    /// <param name="index">0, 1, 2, … without end.</param>
    /// <param name="x">The compressed patch: Size × Size × Channels, interleaved.</param>
    /// <param name="y">The raw patch, same place, same layout.</param>
    public PatchFacts Sample(long index, Span<byte> x, Span<byte> y)
    {
        var random = new SampleRandom(_seed, index);
        int imageIndex = PickImage(ref random);
        return _pairs is { } pairs && _degradation.Copies is { } plan && pairs.Has(imageIndex) && (plan.Share >= 1 || random.Chance(plan.Share))
            ? Paired(pairs, plan, imageIndex, ref random, x, y)
            : Compressed(index, imageIndex, ref random, x, y);
    }

    // A region is cut out and turned, then compressed.
    private PatchFacts Compressed(long index, int imageIndex, ref SampleRandom random, Span<byte> x, Span<byte> y)
    {
        var image = Images[imageIndex];
        int side = Math.Min(Options.Size + _degradation.Slack, Math.Min(image.Width, image.Height));
        int left = random.Next(image.Width - side + 1);
        int top = random.Next(image.Height - side + 1);
        var (orientation, gray) = Turn(image, ref random);
        int bands = gray ? 1 : 3;

        byte[] region = new byte[side * side * bands];
        Dihedral.CopySquare(Images.Pixels(imageIndex), image.Width, image.Bands, left, top, side, orientation, bands, region);
        int bytes = Options.Size * Options.Size * bands;
        DegradationFacts facts;
        try
        {
            facts = _degradation.Degrade(ref random, region, side, bands, Options.Size, x[..bytes], y[..bytes]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"{image.Path}: training sample {index}: {e.Message}", e);
        }

        Widen(x, y, bytes, bands);
        return new PatchFacts(imageIndex, left, top, orientation, gray, facts);
    }

    // Both patches are cut from whole pictures and turned alike, as papers on video codecs do it.
    private PatchFacts Paired(CompressedPairs pairs, CopiesPlan plan, int imageIndex, ref SampleRandom random, Span<byte> x, Span<byte> y)
    {
        var image = Images[imageIndex];
        bool raw = random.Chance(plan.Raw);
        int quality = raw ? 100 : plan.Settings.Draw(ref random);
        int step = random.Chance(plan.Aligned) ? plan.Codec.CodingUnit : 1;
        int left = step * random.Next(((image.Width - Options.Size) / step) + 1), top = step * random.Next(((image.Height - Options.Size) / step) + 1);
        var (orientation, gray) = Turn(image, ref random);
        int bands = gray ? 1 : 3, bytes = Options.Size * Options.Size * bands;
        var (copies, place) = raw ? (Images, imageIndex) : pairs.Copy(imageIndex, quality);
        Dihedral.CopySquare(Images.Pixels(imageIndex), image.Width, image.Bands, left, top, Options.Size, orientation, bands, y[..bytes]);
        Dihedral.CopySquare(copies.Pixels(place), image.Width, copies[place].Bands, left, top, Options.Size, orientation, bands, x[..bytes]);
        Widen(x, y, bytes, bands);
        var facts = new DegradationFacts(!raw, quality, FirstQuality: 0, plan.Codec.Subsamplings[0], left, top, ShiftX: 0, ShiftY: 0);
        return new PatchFacts(imageIndex, left, top, orientation, gray, facts);
    }

    private (int Orientation, bool Gray) Turn(PackedImage image, ref SampleRandom random)
    {
        int orientation = random.Next(Dihedral.Count);
        bool gray = random.Chance(Options.Gray) || Options.Channels == 1 || image.Bands == 1;
        return (Options.Augment ? orientation : 0, gray);
    }

    private void Widen(Span<byte> x, Span<byte> y, int bytes, int bands)
    {
        if (bands == Options.Channels)
            return;
        Replicate(x, bytes);
        Replicate(y, bytes);
    }

    private int PickImage(ref SampleRandom random)
    {
        long ticket = (long)(random.NextDouble() * _cumulative[^1]);
        int found = Array.BinarySearch(_cumulative, ticket + 1);
        return _eligible[found < 0 ? ~found : found];
    }

    // Gray to three equal channels, in place, from the end.
    private static void Replicate(Span<byte> pixels, int count)
    {
        for (int i = count - 1; i >= 0; i--)
            pixels.Slice(3 * i, 3).Fill(pixels[i]);
    }
}

/// <summary>
/// The 8 flips and quarter turns of a square. Orientation bits: 1 mirrors left-right, 2 mirrors top-bottom, 4 swaps rows and columns;
/// the pixel at (x, y) of the result is the source's pixel at (x, y), first swapped, then mirrored.
/// </summary>
public static class Dihedral
{
    public const int Count = 8;

    /// <summary>
    /// Copies a square region of an interleaved 8-bit picture, turned, optionally as luma.
    /// </summary>
    /// <param name="pixels">The picture, H × W × bands.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="bands">1 or 3.</param>
    /// <param name="left">Left edge of the region.</param>
    /// <param name="top">Top edge of the region.</param>
    /// <param name="side">Its side.</param>
    /// <param name="orientation">0..7.</param>
    /// <param name="outputBands">1: gray (BT.601 luma of RGB, full range); 3: RGB.</param>
    /// <param name="output">side × side × outputBands.</param>
    public static void CopySquare(
        ReadOnlySpan<byte> pixels, int width, int bands, int left, int top, int side, int orientation, int outputBands, Span<byte> output)
    {
        int stepX = bands, stepY = width * bands;
        int start = ((top * width) + left) * bands;
        if ((orientation & 1) != 0)
        {
            start += (side - 1) * stepX;
            stepX = -stepX;
        }

        if ((orientation & 2) != 0)
        {
            start += (side - 1) * stepY;
            stepY = -stepY;
        }

        if ((orientation & 4) != 0)
            (stepX, stepY) = (stepY, stepX);

        int to = 0;
        for (int y = 0; y < side; y++)
        {
            int from = start + (y * stepY);
            for (int x = 0; x < side; x++, from += stepX)
            {
                if (bands == outputBands)
                {
                    for (int band = 0; band < bands; band++)
                        output[to++] = pixels[from + band];
                }
                else
                {
                    output[to++] = Luma(pixels[from], pixels[from + 1], pixels[from + 2]);
                }
            }
        }
    }

    // The luma JPEG itself uses, 16-bit fixed point, rounded.
    private static byte Luma(int r, int g, int b) => (byte)(((19595 * r) + (38470 * g) + (7471 * b) + 32768) >> 16);
}

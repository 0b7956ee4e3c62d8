using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>
/// Structural similarity (Wang et al., IEEE TIP 2004, eq. 13). Papers differ in planes and windows, and a figure of one convention compares with none of
/// another: each is a row here, with a name of its own.
/// </summary>
public sealed class Ssim : IMetric
{
    private const string Gaussian = "Gaussian 11×11, σ 1.5, variances E[x²] − µ²";

    private static readonly MetricContract Common = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB: mean of the three bands' scores; gray as stored",
        Border = "only windows wholly inside the picture",
        Window = Gaussian,
        Range = "-1..1",
        Decimals = 4,
        OnIdentical = 1,
        Symmetric = true,
        MinSide = 11,
        Source = "Wang et al., IEEE TIP 2004, eq. 13; per band as FBCNN, SwinIR and DAGN report it",
    };

    private readonly double[] _window;
    private readonly Func<ImageBuffer, Plane>? _plane;

    /// <param name="plane">What is compared; null for each band alone, their scores averaged.</param>
    private Ssim(string name, string summary, MetricContract contract, double[] window, Func<ImageBuffer, Plane>? plane)
        => (Name, Summary, Contract, _window, _plane) = (name, summary, contract, window, plane);

    /// <summary>Gaussian window, mean of the bands.</summary>
    public Ssim()
        : this("ssim", "Structural similarity, Gaussian window, mean of the bands", Common, SsimWindow.Gaussian, null)
    {
    }

    public static Ssim Gray { get; } = new(
        "ssim-gray", "Structural similarity of the gray picture in whole numbers, as its authors compute it",
        Common with
        {
            Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
            Window = $"{Gaussian}; no downsampling",
            Source = "Wang et al., IEEE TIP 2004, eq. 13; official MATLAB scores",
        },
        SsimWindow.Gaussian, Luma.GrayUint8.Of);

    public static Ssim Y { get; } = new(
        "ssim-y", "Structural similarity of the studio-swing luma (BT.601, 16..235), not rounded",
        Common with
        {
            Colour = "Y = 16 + (65.481 R + 128.553 G + 24.966 B)/255, not rounded; gray as stored",
            Source = "Wang et al., IEEE TIP 2004, eq. 13; BasicSR, test_y_channel",
        },
        SsimWindow.Gaussian, Luma.Studio.Of);

    public static Ssim Uniform { get; } = new(
        "ssim-u", "Structural similarity, uniform 8×8 window, mean of the bands",
        Common with
        {
            Window = "uniform 8×8, every position, variances E[x²] − µ²",
            MinSide = 8,
            Source = "Wang and Bovik, IEEE SPL 2002, with the constants of 2004; as DDCN, DMCNN, QGAC and JDEC report it",
        },
        SsimWindow.Uniform, null);

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return _plane is null
            ? SsimMap.MeanOfBands(reference, image, _window)
            : SsimMap.Mean(_plane(reference), _plane(image), _window).Ssim;
    }
}

/// <summary>Separable windows: the weights of one axis, summing to 1.</summary>
internal static class SsimWindow
{
    /// <summary>11 taps, σ = 1.5 pixels (Wang et al. 2004, section III-C).</summary>
    public static double[] Gaussian { get; } = Normalised(11, x => Math.Exp(-x * x / (2 * 1.5 * 1.5)));

    /// <summary>8 equal taps, the sliding window of the first SSIM code and of torchjpeg.</summary>
    public static double[] Uniform { get; } = Normalised(8, _ => 1);

    private static double[] Normalised(int taps, Func<double, double> weight)
    {
        var weights = new double[taps];
        for (int i = 0; i < taps; i++)
            weights[i] = weight(i - ((taps - 1) / 2.0));
        double sum = weights.Sum();
        for (int i = 0; i < taps; i++)
            weights[i] /= sum;
        return weights;
    }
}

/// <summary>
/// Structural similarity of two planes (Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment: From Error
/// Visibility to Structural Similarity, IEEE TIP 2004, eq. 13): C1 = (0.01·255)², C2 = (0.03·255)², variances
/// E[x²] − µ², mean over the positions where the window lies wholly inside the picture.
/// </summary>
/// <remarks>
/// SSIM needs σx² and σy² only as their sum, so four weighted means suffice: x, y, x² + y², xy. Each output row is
/// computed by one vertical pass over the rows under the window and one horizontal pass that ends in the formula;
/// nothing larger than a strip of rows is ever stored. Strips run in parallel; row sums are added in order, so the
/// result does not depend on the number of threads.
/// </remarks>
internal static class SsimMap
{
    private const double C1 = 0.01 * 255 * (0.01 * 255);
    private const double C2 = 0.03 * 255 * (0.03 * 255);

    // Each strip converts taps − 1 rows that its neighbour converts too; 32 keeps that under a third.
    private const int StripRows = 32;

    public static SsimScore Mean(Plane x, Plane y, double[] taps)
    {
        int rows = x.Height - taps.Length + 1, columns = x.Width - taps.Length + 1;
        var rowSums = new SsimScore[rows];
        Parallel.For(0, (rows + StripRows - 1) / StripRows, strip =>
        {
            int first = strip * StripRows;
            Strip(x, y, taps, rowSums.AsSpan(first, Math.Min(StripRows, rows - first)), first);
        });
        var sum = default(SsimScore);
        foreach (var row in rowSums)
            sum += row;
        double count = (double)rows * columns;
        return new SsimScore(sum.Ssim / count, sum.ContrastStructure / count);
    }

    /// <summary>Mean of the scores of the colour bands.</summary>
    public static double MeanOfBands(ImageBuffer reference, ImageBuffer image, double[] taps)
    {
        double sum = 0;
        for (int band = 0; band < reference.ColourBands; band++)
            sum += Mean(new BandPlane(reference, band), new BandPlane(image, band), taps).Ssim;
        return sum / reference.ColourBands;
    }

    private static void Strip(Plane x, Plane y, double[] taps, Span<SsimScore> rowSums, int first)
    {
        // Rows are padded to whole vectors, and by one vector more that the horizontal pass may read past the end.
        int vectors = (x.Width + Vector<double>.Count - 1) / Vector<double>.Count;
        int stride = (vectors + 1) * Vector<double>.Count;
        int rows = rowSums.Length + taps.Length - 1;
        var buffer = ArrayPool<double>.Shared.Rent(((2 * rows) + 4) * stride);
        try
        {
            var xs = buffer.AsSpan(0, rows * stride);
            var ys = buffer.AsSpan(rows * stride, rows * stride);
            var means = buffer.AsSpan(2 * rows * stride, 4 * stride);
            for (int row = 0; row < rows; row++)
            {
                x.ReadRow(first + row, xs.Slice(row * stride, stride));
                y.ReadRow(first + row, ys.Slice(row * stride, stride));
            }
            for (int row = 0; row < rowSums.Length; row++)
            {
                Vertical(xs[(row * stride)..], ys[(row * stride)..], taps, means, stride, vectors);
                rowSums[row] = Horizontal(means, taps, stride, x.Width - taps.Length + 1);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    /// <summary>Weighted sums down the columns of x, y, x² + y² and xy, one below the other in <paramref name="means"/>.</summary>
    private static void Vertical(
        ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, double[] taps, Span<double> means, int stride, int vectors)
    {
        ref double x0 = ref MemoryMarshal.GetReference(xs);
        ref double y0 = ref MemoryMarshal.GetReference(ys);
        ref double mean0 = ref MemoryMarshal.GetReference(means);
        for (int i = 0; i < vectors; i++)
        {
            nuint column = (nuint)(i * Vector<double>.Count);
            Vector<double> sumX = default, sumY = default, sumSquares = default, sumProduct = default;
            for (int tap = 0; tap < taps.Length; tap++)
            {
                nuint at = column + (nuint)(tap * stride);
                var x = Vector.LoadUnsafe(ref x0, at);
                var y = Vector.LoadUnsafe(ref y0, at);
                var weight = new Vector<double>(taps[tap]);
                var weightedX = weight * x;
                var weightedY = weight * y;
                sumX += weightedX;
                sumY += weightedY;
                sumSquares = Vector.FusedMultiplyAdd(weightedX, x, Vector.FusedMultiplyAdd(weightedY, y, sumSquares));
                sumProduct = Vector.FusedMultiplyAdd(weightedX, y, sumProduct);
            }
            sumX.StoreUnsafe(ref mean0, column);
            sumY.StoreUnsafe(ref mean0, column + (nuint)stride);
            sumSquares.StoreUnsafe(ref mean0, column + (nuint)(2 * stride));
            sumProduct.StoreUnsafe(ref mean0, column + (nuint)(3 * stride));
        }
    }

    /// <summary>Weighted sums along the row, the formula, and its sum over the first <paramref name="columns"/> positions.</summary>
    private static SsimScore Horizontal(ReadOnlySpan<double> means, double[] taps, int stride, int columns)
    {
        ref double mean0 = ref MemoryMarshal.GetReference(means);
        var c1 = new Vector<double>(C1);
        var c2 = new Vector<double>(C2);
        Vector<double> ssim = default, contrast = default;
        for (int start = 0; start < columns; start += Vector<double>.Count)
        {
            Vector<double> x = default, y = default, squares = default, product = default;
            for (int tap = 0; tap < taps.Length; tap++)
            {
                nuint at = (nuint)(start + tap);
                var weight = new Vector<double>(taps[tap]);
                x = Vector.FusedMultiplyAdd(weight, Vector.LoadUnsafe(ref mean0, at), x);
                y = Vector.FusedMultiplyAdd(weight, Vector.LoadUnsafe(ref mean0, at + (nuint)stride), y);
                squares = Vector.FusedMultiplyAdd(weight, Vector.LoadUnsafe(ref mean0, at + (nuint)(2 * stride)), squares);
                product = Vector.FusedMultiplyAdd(weight, Vector.LoadUnsafe(ref mean0, at + (nuint)(3 * stride)), product);
            }
            var squaredMeans = (x * x) + (y * y);
            var productOfMeans = x * y;
            var contrastHere = ((2 * (product - productOfMeans)) + c2) / (squares - squaredMeans + c2);
            var ssimHere = ((2 * productOfMeans) + c1) / (squaredMeans + c1) * contrastHere;
            // The last vector may reach past the last position: those lanes count nothing, whatever they hold.
            var inside = Vector.LessThan(Vector<double>.Indices, new Vector<double>(columns - start));
            contrast += Vector.ConditionalSelect(inside, contrastHere, Vector<double>.Zero);
            ssim += Vector.ConditionalSelect(inside, ssimHere, Vector<double>.Zero);
        }
        return new SsimScore(Vector.Sum(ssim), Vector.Sum(contrast));
    }
}

/// <summary>Means over a picture: SSIM itself, and its contrast-structure factor alone.</summary>
internal readonly record struct SsimScore(double Ssim, double ContrastStructure)
{
    public static SsimScore operator +(SsimScore a, SsimScore b) =>
        new(a.Ssim + b.Ssim, a.ContrastStructure + b.ContrastStructure);
}

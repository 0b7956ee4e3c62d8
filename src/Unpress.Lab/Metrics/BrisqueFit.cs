using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>
/// A model of BRISQUE from anybody's pictures. Either each picture comes with the score that people gave it, as in the paper, or undamaged
/// pictures come alone: then they are damaged here, by JPEG, noise and blur, and the score of each is 100·(1 − SSIM). Our reading: the
/// regression is the least-squares one (Suykens and Vandewalle, 1999), whose weights solve one linear system and whose model has the same form.
/// </summary>
public sealed class BrisqueFit
{
    // As the LIVE release's model; C in the role of LIBSVM's.
    private const double Gamma = 0.05, C = 1024;

    private static readonly Op Solve = Op.Find("aten::linalg_solve");

    private readonly List<double[]> _features = [];
    private readonly List<double> _scores = [];

    /// <summary>Samples so far.</summary>
    public int Samples => _scores.Count;

    /// <summary>Takes a picture with its score in, lower for better.</summary>
    /// <exception cref="IncomparableException">Too small, CMYK, or without texture.</exception>
    public void Add(ImageBuffer image, double score)
    {
        PicturePair.CheckAlone(image, new Brisque());
        double[] features = BrisqueFeatures.Of(Luma.GrayUint8.Of(image));
        if (features.Contains(double.NaN))
            throw new IncomparableException("a picture without texture teaches nothing");
        _features.Add(features);
        _scores.Add(score);
    }

    /// <summary>Takes an undamaged picture in, and what damage makes of it.</summary>
    /// <exception cref="IncomparableException">Too small, CMYK, or without texture.</exception>
    public void AddPristine(ImageBuffer image)
    {
        Add(image, 0);
        var ssim = Ssim.Gray;
        var gray = GrayDamage.Gray(image);
        foreach (var damaged in GrayDamage.Of(gray))
            Add(damaged, 100 * (1 - ssim.Measure(gray, damaged)));
    }

    /// <summary>Writes the files that <c>--metrics brisque=FILE</c> takes: the model and, beside it, the ranges of the features.</summary>
    /// <exception cref="InvalidOperationException">Too few samples.</exception>
    public void Save(string path)
    {
        if (Samples < BrisqueFeatures.Count)
            throw new InvalidOperationException($"{Samples} samples are too few, {BrisqueFeatures.Count} are needed: add pictures");
        var (low, high) = Ranges();
        var model = new BrisqueModel(Gamma, 0, [], [], low, high);
        double[][] vectors = [.. _features.Select(features => model.Scaled(features))];
        double[] solution = Weights(vectors);
        (model with { Rho = -solution[0], Weights = solution[1..], Vectors = vectors }).Save(path, Brisque.RangeOf(path));
    }

    // [0 1ᵀ; 1 K + I/C]·[bias; weights] = [0; scores]
    private double[] Weights(double[][] vectors)
    {
        int n = vectors.Length + 1;
        var matrix = new double[n * n];
        for (int i = 1; i < n; i++)
        {
            matrix[i] = matrix[i * n] = 1;
            for (int k = 1; k < n; k++)
                matrix[(i * n) + k] = BrisqueModel.Kernel(vectors[i - 1], vectors[k - 1], Gamma) + (i == k ? 1 / C : 0);
        }

        using var scope = TensorScope.Enter();
        return Solve.Call(Tensor.From(matrix, n, n), Tensor.From<double>([0, .. _scores], n)).ToArray<double>();
    }

    private (double[] Low, double[] High) Ranges()
    {
        double[] low = [.. Enumerable.Range(0, BrisqueFeatures.Count).Select(i => _features.Min(features => features[i]))];
        double[] high = [.. Enumerable.Range(0, BrisqueFeatures.Count).Select(i => _features.Max(features => features[i]))];
        for (int i = 0; i < low.Length; i++)
            high[i] = high[i] > low[i] ? high[i] : low[i] + 1;
        return (low, high);
    }
}

/// <summary>The damage that <see cref="BrisqueFit"/> learns from, on gray pictures; the same each time.</summary>
internal static class GrayDamage
{
    private static readonly int[] Qualities = [60, 30, 15, 8, 4];
    private static readonly double[] Noises = [4, 8, 16, 32, 64];
    private static readonly double[] Blurs = [0.7, 1.2, 2, 3.5, 6];

    /// <summary>rgb2gray in whole numbers, 8 bits.</summary>
    public static ImageBuffer Gray(ImageBuffer image)
    {
        var gray = new ImageBuffer(image.Width, image.Height, ColourModel.Gray);
        Store(Raster.Of(Luma.GrayUint8.Of(image)), gray);
        return gray;
    }

    public static IEnumerable<ImageBuffer> Of(ImageBuffer gray)
    {
        var codec = new JpegCodec();
        foreach (int quality in Qualities)
            yield return codec.Decode(codec.Encode(gray, new CodecSettings(quality, ChromaSubsampling.C420)).Bytes);
        foreach (double noise in Noises)
            yield return Noisy(gray, noise);
        foreach (double blur in Blurs)
            yield return Blurred(gray, blur);
    }

    private static ImageBuffer Noisy(ImageBuffer gray, double deviation)
    {
        var random = new Random((int)deviation);
        var values = Raster.Of(Luma.GrayUint8.Of(gray));
        foreach (ref double value in values.Values.AsSpan())
            value += deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Stored(values);
    }

    private static ImageBuffer Blurred(ImageBuffer gray, double deviation)
    {
        int radius = (int)Math.Ceiling(3 * deviation);
        double[] weights = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(k => Math.Exp(-k * k / (2 * deviation * deviation)))];
        double sum = weights.Sum();
        var source = Raster.Of(Luma.GrayUint8.Of(gray));
        var (columns, both) = (new Raster(gray.Width, gray.Height), new Raster(gray.Width, gray.Height));
        for (int y = 0; y < gray.Height; y++)
            for (int k = -radius; k <= radius; k++)
            {
                Span<double> from = source.Row(Math.Clamp(y + k, 0, gray.Height - 1)), to = columns.Row(y);
                for (int x = 0; x < to.Length; x++)
                    to[x] += weights[k + radius] / sum * from[x];
            }

        for (int y = 0; y < gray.Height; y++)
        {
            Span<double> from = columns.Row(y), to = both.Row(y);
            for (int x = 0; x < to.Length; x++)
                for (int k = -radius; k <= radius; k++)
                    to[x] += weights[k + radius] / sum * from[Math.Clamp(x + k, 0, to.Length - 1)];
        }

        return Stored(both);
    }

    private static ImageBuffer Stored(Raster values)
    {
        var image = new ImageBuffer(values.Width, values.Height, ColourModel.Gray);
        Store(values, image);
        return image;
    }

    private static void Store(Raster values, ImageBuffer image)
    {
        for (int i = 0; i < values.Values.Length; i++)
            image.Data[i] = (byte)Math.Clamp(Math.Floor(values.Values[i] + 0.5), 0, 255);
    }
}

using System.Globalization;
using System.Text;
using Unpress.Downloads;
using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Blind/referenceless image spatial quality evaluator: a score that people would give, learned from a picture's statistics.</summary>
public sealed class Brisque : IFittedMetric
{
    /// <summary>The published model and the ranges of its features.</summary>
    public const string Weights = "brisque", Ranges = "brisque-range";

    private readonly Lazy<BrisqueModel> _model;

    /// <param name="file">A model, as <c>unpress fit brisque</c> writes it, its ranges beside it; null for the published one.</param>
    public Brisque(string? file = null)
        : this(file is null ? "brisque" : $"brisque={Path.GetFileNameWithoutExtension(file)}", file, file is null ? null : RangeOf(file))
    {
    }

    /// <param name="name">What the metric is called.</param>
    /// <param name="model">A model of LIBSVM.</param>
    /// <param name="range">The ranges of its features, as svm-scale writes them.</param>
    public Brisque(string name, string? model, string? range)
    {
        Name = name;
        _model = new(() => BrisqueModel.Read(model ?? OfficialFiles.Require(Weights), range ?? OfficialFiles.Require(Ranges)),
            LazyThreadSafetyMode.PublicationOnly);
    }

    public string Name { get; }

    public string Summary => "Score of a regression on a picture's statistics, learned from people's opinions; no reference";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "zeros beyond",
        Window = "Gaussian 7×7, σ 7/6, at two sizes; differences below 1e-9 are zero",
        Range = "about 0..150, can be below 0",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 16,
        Weights = [Weights, Ranges],
        Source = "Mittal, Moorthy, Bovik, IEEE TIP 2012; the LIVE release's model of 774 vectors",
    };

    /// <summary>Where the ranges of a fitted model are kept.</summary>
    public static string RangeOf(string model) => model + ".range";

    public IMetric With(string file) => new Brisque(file);

    public void Prepare() => _ = _model.Value;

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        double score = _model.Value.Score(BrisqueFeatures.Of(Luma.GrayUint8.Of(image)));
        return double.IsNaN(score) ? throw new IncomparableException($"{Name} needs a picture with texture, this one is flat") : score;
    }
}

/// <summary>The 36 features of BRISQUE, 18 at each of two sizes: Mittal, Moorthy, Bovik, IEEE TIP 2012, table I.</summary>
internal static class BrisqueFeatures
{
    public const int Count = 36;

    private static readonly (int Down, int Right)[] Neighbours = [(0, 1), (1, 0), (1, 1), (-1, 1)];

    public static double[] Of(Plane luma)
    {
        var features = new double[Count];
        var image = Raster.Of(luma);
        Fill(image, features.AsSpan(0, Count / 2));
        Fill(BicubicHalf.Of(image), features.AsSpan(Count / 2));
        return features;
    }

    private static void Fill(Raster image, Span<double> features)
    {
        var normalised = ContrastNormalisation.Of(image, zeroBorder: true);
        int width = image.Width, height = image.Height;
        double absolute = 0, square = 0;
        foreach (double value in normalised.Values)
        {
            absolute += Math.Abs(value);
            square += value * value;
        }

        double variance = square / normalised.Values.Length, mean = absolute / normalised.Values.Length;
        features[0] = GaussianShapes.Shape(GaussianShapes.FindSymmetric(variance / (mean * mean)));
        features[1] = variance;
        for (int k = 0; k < Neighbours.Length; k++)
        {
            var fit = AsymmetricFit.OfProducts(normalised, 0, 0, width, height, Neighbours[k].Down, Neighbours[k].Right);
            var part = features[(2 + (4 * k))..];
            (part[0], part[1], part[2], part[3]) = (fit.Shape, fit.Mean, fit.Left * fit.Left, fit.Right * fit.Right);
        }
    }
}

/// <summary>
/// A support-vector regression with Gaussian kernel on scaled features, in LIBSVM's text files: score = Σ cᵢ·exp(−γ·|f − vᵢ|²) − ρ, each
/// feature brought to −1..1 by the ranges of the training, without clipping.
/// </summary>
internal sealed record BrisqueModel(double Gamma, double Rho, double[] Weights, double[][] Vectors, double[] Low, double[] High)
{
    private const int Count = BrisqueFeatures.Count;

    /// <exception cref="InvalidFileException">Not such files.</exception>
    public static BrisqueModel Read(string modelPath, string rangePath)
    {
        var (low, high) = ReadRange(rangePath);
        double? gamma = null, rho = null;
        var weights = new List<double>();
        var vectors = new List<double[]>();
        bool inVectors = false;
        foreach (string line in Lines(modelPath))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (inVectors && words.Length > 0)
            {
                weights.Add(Number(modelPath, words[0]));
                vectors.Add(Sparse(modelPath, words.AsSpan(1)));
            }
            else if (words is ["SV"])
                inVectors = true;
            else if (words is ["gamma", var first])
                gamma = Number(modelPath, first);
            else if (words is ["rho", var second])
                rho = Number(modelPath, second);
            else if (words is ["svm_type", not "epsilon_svr"] or ["kernel_type", not "rbf"])
                throw new InvalidFileException(modelPath, $"'{line}' is not supported: it must be an epsilon_svr with the kernel rbf");
        }

        return gamma is { } g && rho is { } r && weights.Count > 0
            ? new BrisqueModel(g, r, [.. weights], [.. vectors], low, high)
            : throw new InvalidFileException(modelPath, "is no model of LIBSVM: gamma, rho or its vectors are missing");
    }

    public double Score(ReadOnlySpan<double> features)
    {
        double[] scaled = Scaled(features);
        double sum = -Rho;
        for (int k = 0; k < Weights.Length; k++)
            sum += Weights[k] * Kernel(scaled, Vectors[k], Gamma);
        return sum;
    }

    public double[] Scaled(ReadOnlySpan<double> features)
    {
        var scaled = new double[Count];
        for (int i = 0; i < Count; i++)
            scaled[i] = -1 + (2 * (features[i] - Low[i]) / (High[i] - Low[i]));
        return scaled;
    }

    public static double Kernel(double[] a, double[] b, double gamma) => Math.Exp(-gamma * SquaredDifference.Sum(a, b));

    public void Save(string modelPath, string rangePath)
    {
        var model = new StringBuilder("svm_type epsilon_svr\nkernel_type rbf\n")
            .Append(CultureInfo.InvariantCulture, $"gamma {Gamma:R}\nnr_class 2\ntotal_sv {Weights.Length}\nrho {Rho:R}\nSV\n");
        for (int k = 0; k < Weights.Length; k++)
        {
            model.Append(CultureInfo.InvariantCulture, $"{Weights[k]:R}");
            for (int i = 0; i < Count; i++)
                model.Append(CultureInfo.InvariantCulture, $" {i + 1}:{Vectors[k][i]:R}");
            model.Append('\n');
        }

        var range = new StringBuilder("x\n-1 1\n");
        for (int i = 0; i < Count; i++)
            range.Append(CultureInfo.InvariantCulture, $"{i + 1} {Low[i]:R} {High[i]:R}\n");
        AtomicFile.Write(rangePath, path => File.WriteAllText(path, range.ToString()));
        AtomicFile.Write(modelPath, path => File.WriteAllText(path, model.ToString()));
    }

    private static (double[] Low, double[] High) ReadRange(string path)
    {
        double[] low = new double[Count], high = new double[Count];
        int found = 0;
        foreach (string line in Lines(path).Skip(2))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (words.Length != 3 || !int.TryParse(words[0], out int place) || place is < 1 or > Count)
                throw new InvalidFileException(path, $"'{line}' is not the range of a feature");
            (low[place - 1], high[place - 1]) = (Number(path, words[1]), Number(path, words[2]));
            found++;
        }

        return found == Count ? (low, high) : throw new InvalidFileException(path, $"holds {found} ranges of features, not {Count}");
    }

    private static double[] Sparse(string path, ReadOnlySpan<string> words)
    {
        var vector = new double[Count];
        foreach (string word in words)
        {
            int colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !int.TryParse(word.AsSpan(0, colon), out int place) || place is < 1 or > Count)
                throw new InvalidFileException(path, $"'{word}' is not a feature of a vector");
            vector[place - 1] = Number(path, word[(colon + 1)..]);
        }

        return vector;
    }

    private static IEnumerable<string> Lines(string path)
        => File.Exists(path) ? File.ReadLines(path) : throw new InvalidFileException(path, "no such file");

    private static double Number(string path, string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value : throw new InvalidFileException(path, $"'{text}' is not a number");
}

using System.Globalization;
using System.Text;
using Unpress.Imaging;

namespace Unpress.Metrics;

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

using System.Text.Json.Nodes;
using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>Fréchet inception distance.</summary>
public sealed class Fid : ISetMetric
{
    public string Name => "fid";

    public string Summary => "Fréchet distance of Inception features of two sets of pictures, as pytorch-fid computes it";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "RGB; gray as R = G = B",
        Border = "nothing removed",
        Window = "the whole picture, brought to 299×299 (bilinear, no antialiasing); two pictures or more",
        Range = "0..infinity; falls with the number of pictures, so compare the same number only",
        Decimals = 3,
        OnIdentical = 0,
        Symmetric = true,
        MinSide = 1,
        Weights = [InceptionFeatures.Weights],
        Source = "Heusel et al., NeurIPS 2017, eq. 6; pytorch-fid",
    };

    public SetFeatures Features => InceptionFeatures.Ours;

    public double Measure(PictureSet reference, PictureSet images) => FrechetDistance.Of(Name, reference, images);
}

/// <summary>
/// |µ₁ − µ₂|² + tr Σ₁ + tr Σ₂ − 2·tr (Σ₁Σ₂)^½: Dowson and Landau, J. Multivariate Anal. 1982. The last trace is the sum of the singular values
/// of Σ₁^½·Σ₂^½, the roots by symmetric eigendecomposition: real and exact also where the matrices are singular, as those of few pictures are.
/// </summary>
public static class FrechetDistance
{
    private static readonly Op SingularValues = Op.Find("aten::linalg_svdvals");

    /// <param name="metric">For messages.</param>
    /// <exception cref="IncomparableException">One picture alone, or features of other dimensions.</exception>
    public static double Of(string metric, PictureSet reference, PictureSet images)
    {
        foreach (var set in new[] { reference, images })
            if (set.Statistics.Count == 1)
                throw new IncomparableException($"{metric} needs two pictures or more on each side: one has no covariance");
        return IsWholeAndSmall(reference) && IsWholeAndSmall(images) && reference.Statistics.Dimensions == images.Statistics.Dimensions
            ? OfFew(reference.Sample, images.Sample)
            : Between(reference.Statistics, images.Statistics);
    }

    // All features are at hand, and fewer than their numbers.
    private static bool IsWholeAndSmall(PictureSet set) =>
        set.Sample.Count == set.Statistics.Count && set.Sample.Count is >= 2 && set.Sample.Count < set.Statistics.Dimensions;

    /// <exception cref="IncomparableException">The features have other dimensions.</exception>
    public static double Between(FeatureStatistics a, FeatureStatistics b)
    {
        if (a.Dimensions != b.Dimensions)
            throw new IncomparableException(
                $"features of {a.Dimensions} and of {b.Dimensions} numbers do not compare: they are from different networks or layers");
        using var scope = TensorScope.Enter();
        int n = a.Dimensions;
        double[] first = a.Covariance(), second = b.Covariance();
        double distance = a.Mean.Zip(b.Mean, (x, y) => (x - y) * (x - y)).Sum();
        for (int i = 0; i < n; i++)
            distance += first[(i * n) + i] + second[(i * n) + i];
        double common = SingularValues.Call(Root(first, n).MatMul(Root(second, n))).Sum().Item();
        return Math.Max(0, distance - (2 * common));
    }

    /// <summary>
    /// The same of the vectors themselves, where they are fewer than their numbers: with Σ = AᵀA, of centred rows A over √(N − 1), the singular
    /// values of Σ₁^½·Σ₂^½ are those of A₁·A₂ᵀ, which is as small as the sets. Seconds become milliseconds.
    /// </summary>
    /// <param name="a">Two vectors or more.</param>
    /// <param name="b">Two vectors or more, as long.</param>
    public static double OfFew(IReadOnlyList<float[]> a, IReadOnlyList<float[]> b)
    {
        using var scope = TensorScope.Enter();
        var (first, firstMean) = Centred(a);
        var (second, secondMean) = Centred(b);
        double distance = (firstMean - secondMean).Square().Sum().Item() + first.Square().Sum().Item() + second.Square().Sum().Item();
        double common = SingularValues.Call(first.MatMul(second.Transpose(0, 1))).Sum().Item();
        return Math.Max(0, distance - (2 * common));
    }

    private static (Tensor Rows, Tensor Mean) Centred(IReadOnlyList<float[]> vectors)
    {
        var rows = Tensor.From([.. vectors.SelectMany(vector => vector)], vectors.Count, vectors[0].Length).To(DType.Float64);
        var mean = rows.Sum([0]) / vectors.Count;
        return ((rows - mean) / Math.Sqrt(vectors.Count - 1), mean);
    }

    // V·diag(√max(λ, 0))·Vᵀ
    private static Tensor Root(double[] covariance, int n)
    {
        var (values, vectors) = SymmetricEigen.Of(Tensor.From(covariance, n, n));
        return (vectors * values.ClampMin(0).Sqrt()).MatMul(vectors.Transpose(0, 1));
    }
}

/// <summary>FID's features of pictures: 2,048 numbers each, by the Inception network that pytorch-fid uses.</summary>
public sealed class InceptionFeatures : IPictureFeatures
{
    public const string Weights = "inception_v3_fid";
    public const int Count = 2048;

    public static SetFeatures Ours { get; } = new("inception", Count, () => new InceptionFeatures());

    private readonly InceptionV3 _network;

    /// <param name="clean">Pictures are resized as clean-fid does, not as pytorch-fid; the two do not compare.</param>
    /// <exception cref="MissingToolException">The weights are not here; the message says which file belongs where.</exception>
    public InceptionFeatures(bool clean = false)
        => _network = (InceptionV3)InceptionV3.Entry.Load(OfficialFiles.Require(Weights), new JsonObject { ["clean"] = clean });

    public float[] Of(ImageBuffer image)
    {
        using var scope = TensorScope.Enter();
        using var noGrad = Autograd.NoGrad();
        return _network.FidFeatures(MetricTensor.Rgb(image)).ToArray<float>();
    }

    public void Dispose() => _network.Dispose();
}

/// <summary>
/// What set metrics know of a set of pictures: mean and covariance of their features, and up to <see cref="SampleSize"/> of the features
/// themselves. Pictures come one after the other; memory does not grow beyond the sample. Not safe for several threads at once.
/// </summary>
public sealed class PictureSet
{
    /// <summary>Feature vectors kept at most; of more, each has the same chance.</summary>
    public const int SampleSize = 10_000;

    private readonly List<float[]> _sample = [];
    private readonly Random _random = new(1);

    public PictureSet(int dimensions)
        : this(new FeatureStatistics(dimensions))
    {
    }

    private PictureSet(FeatureStatistics statistics) => Statistics = statistics;

    public FeatureStatistics Statistics { get; }

    /// <summary>Feature vectors; empty where only statistics are known.</summary>
    public IReadOnlyList<float[]> Sample => _sample;

    /// <summary>
    /// A file of statistics (<c>.npz</c> with <c>mu</c> and <c>sigma</c>), or of features (<c>.npy</c>, or <c>.npz</c> with one array, N×D).
    /// </summary>
    /// <exception cref="WeightsFormatException">Neither.</exception>
    public static PictureSet Read(string path)
    {
        using var file = WeightFile.Open(path);
        if (file.Tensors is not [{ Shape: [_, var dimensions] } features])
            return new PictureSet(FeatureStatistics.Read(path));
        using var stored = features.ToTensor();
        using var single = stored.To(DType.Float32);
        float[] numbers = single.ToArray<float>();
        FeatureStatistics.RefuseUnlessFinite(path, numbers.Select(number => (double)number));
        var set = new PictureSet((int)dimensions);
        for (int start = 0; start < numbers.Length; start += (int)dimensions)
            set.Add(numbers.AsSpan(start, (int)dimensions));
        return set;
    }

    /// <summary>Takes the features of one more picture in.</summary>
    public void Add(ReadOnlySpan<float> features)
    {
        var wide = new double[features.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = features[i];
        Statistics.Add(wide);
        if (_sample.Count < SampleSize)
            _sample.Add(features.ToArray());
        else if (_random.NextInt64(Statistics.Count) is var place && place < SampleSize)
            _sample[(int)place] = features.ToArray();
    }

    /// <summary>Takes a whole set in; of its features only the statistics, since two samples of unequal sets are no sample of both.</summary>
    /// <exception cref="InvalidOperationException">Statistics that do not say of how many pictures they are.</exception>
    public void Merge(PictureSet other)
    {
        Statistics.Merge(other.Statistics);
        _sample.Clear();
    }
}

using Unpress.Torch;

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

    public double Measure(PictureSet reference, PictureSet images)
    {
        foreach (var set in new[] { reference, images })
            if (set.Statistics.Count == 1)
                throw new IncomparableException("fid needs two pictures or more on each side: one has no covariance");
        return IsWholeAndSmall(reference) && IsWholeAndSmall(images) && reference.Statistics.Dimensions == images.Statistics.Dimensions
            ? FrechetDistance.OfFew(reference.Sample, images.Sample)
            : FrechetDistance.Between(reference.Statistics, images.Statistics);
    }

    // All features are at hand, and fewer than their numbers.
    private static bool IsWholeAndSmall(PictureSet set) =>
        set.Sample.Count == set.Statistics.Count && set.Sample.Count is >= 2 && set.Sample.Count < set.Statistics.Dimensions;
}

/// <summary>
/// |µ₁ − µ₂|² + tr Σ₁ + tr Σ₂ − 2·tr (Σ₁Σ₂)^½: Dowson and Landau, J. Multivariate Anal. 1982. The last trace is the sum of the singular values
/// of Σ₁^½·Σ₂^½, the roots by symmetric eigendecomposition: real and exact also where the matrices are singular, as those of few pictures are.
/// </summary>
public static class FrechetDistance
{
    private static readonly Op SingularValues = Op.Find("aten::linalg_svdvals");

    /// <exception cref="IncomparableException">The features have other dimensions.</exception>
    public static double Between(FeatureStatistics a, FeatureStatistics b)
    {
        if (a.Dimensions != b.Dimensions)
            throw new IncomparableException($"features of {a.Dimensions} and of {b.Dimensions} numbers do not compare: they are from different networks or layers");
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

using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>Kernel inception distance.</summary>
public sealed class Kid : ISetMetric
{
    public string Name => "kid";

    public string Summary => "Maximum mean discrepancy of Inception features of two sets of pictures, without bias for few pictures";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "RGB; gray as R = G = B",
        Border = "nothing removed",
        Window = "as fid; the mean over 100 subsets of 1,000 pictures, or the whole sets where they are smaller",
        Range = "about 0..1, can be a little below 0",
        Decimals = 5,
        OnIdentical = null,
        Symmetric = true,
        MinSide = 1,
        Weights = [InceptionFeatures.Weights],
        Source = "Bińkowski et al., ICLR 2018, eq. 4",
    };

    public SetFeatures Features => InceptionFeatures.Ours;

    public double Measure(PictureSet reference, PictureSet images) => KernelDistance.Between(reference.Sample, images.Sample);
}

/// <summary>
/// Squared maximum mean discrepancy with the kernel (x·y/d + 1)³, without bias: Bińkowski, Sutherland, Arbel, Gretton, ICLR 2018, eq. 4. The
/// mean over subsets, whose choice is the same each time; where the subsets are the whole sets, one computation.
/// </summary>
public static class KernelDistance
{
    private const int Subsets = 100, SubsetSize = 1000;

    /// <exception cref="IncomparableException">Fewer than two vectors, or of other dimensions.</exception>
    public static double Between(IReadOnlyList<float[]> a, IReadOnlyList<float[]> b)
    {
        if (a.Count < 2 || b.Count < 2)
            throw new IncomparableException(
                $"kid needs the features of two pictures or more on each side, not {a.Count} and {b.Count}; statistics alone do not hold them");
        if (a[0].Length != b[0].Length)
            throw new IncomparableException(
                $"features of {a[0].Length} and of {b[0].Length} numbers do not compare: they are from different networks or layers");
        if (a.Count <= SubsetSize && b.Count <= SubsetSize)
            return Discrepancy(a, b);
        var random = new Random(1);
        return Enumerable.Range(0, Subsets).Average(_ => Discrepancy(Pick(a, random), Pick(b, random)));
    }

    private static double Discrepancy(IReadOnlyList<float[]> a, IReadOnlyList<float[]> b)
    {
        using var scope = TensorScope.Enter();
        Tensor x = Matrix(a), y = Matrix(b);
        double n = a.Count, m = b.Count;
        return (Within(x) / (n * (n - 1))) + (Within(y) / (m * (m - 1))) - (2 * Kernel(x, y).Sum().Item() / (n * m));
    }

    // Sum of the kernel over pairs of different vectors.
    private static double Within(Tensor x)
    {
        var own = (x.Square().Sum([1]) / x.Size(1)) + 1;
        return Kernel(x, x).Sum().Item() - (own * own * own).Sum().Item();
    }

    private static Tensor Kernel(Tensor x, Tensor y)
    {
        var product = (x.MatMul(y.Transpose(0, 1)) / x.Size(1)) + 1;
        return product * product * product;
    }

    private static Tensor Matrix(IReadOnlyList<float[]> rows)
        => Tensor.From([.. rows.SelectMany(row => row)], rows.Count, rows[0].Length).To(DType.Float64);

    private static float[][] Pick(IReadOnlyList<float[]> rows, Random random)
    {
        int[] places = [.. Enumerable.Range(0, rows.Count)];
        random.Shuffle(places);
        return [.. places.Take(SubsetSize).Select(place => rows[place])];
    }
}

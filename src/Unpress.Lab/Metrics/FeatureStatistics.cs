using System.Numerics;
using System.Runtime.InteropServices;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>
/// Mean and covariance of feature vectors that come one after the other: nothing but the sums is kept, in double precision, and the sums of
/// two parts together are those of the whole (Chan, Golub, LeVeque, 1979). Not safe for several threads at once.
/// </summary>
public sealed class FeatureStatistics
{
    private const string MeanName = "mu", CovarianceName = "sigma", CountName = "count";

    private readonly double[] _mean;

    // Σ (x − µ)(x − µ)ᵀ
    private readonly double[] _scatter;

    public FeatureStatistics(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        Dimensions = dimensions;
        _mean = new double[dimensions];
        _scatter = new double[dimensions * dimensions];
    }

    private FeatureStatistics(double[] mean, double[] covariance, long count)
    {
        Dimensions = mean.Length;
        Count = count;
        _mean = mean;
        _scatter = covariance;
        // Without a count the matrix is kept as the covariance of two, whose divisor is one.
        double divisor = Math.Max(count, 2) - 1;
        for (int i = 0; i < covariance.Length; i++)
            covariance[i] *= divisor;
    }

    public int Dimensions { get; }

    /// <summary>Vectors so far; 0 where a file did not say of how many it is.</summary>
    public long Count { get; private set; }

    public IReadOnlyList<double> Mean => _mean;

    /// <summary>D×D, row-major, divisor N − 1; zeros for a single vector.</summary>
    public double[] Covariance()
    {
        double divisor = Math.Max(Count, 2) - 1;
        return [.. _scatter.Select(value => value / divisor)];
    }

    /// <summary>Takes one vector in.</summary>
    public void Add(ReadOnlySpan<double> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions);
        Count++;
        var difference = new double[Dimensions];
        for (int i = 0; i < Dimensions; i++)
            difference[i] = vector[i] - _mean[i];
        AddSquare(difference, (Count - 1.0) / Count);
        for (int i = 0; i < Dimensions; i++)
            _mean[i] += difference[i] / Count;
    }

    /// <summary>Takes all vectors of another set in.</summary>
    /// <exception cref="InvalidOperationException">One of the two came from a file that does not say of how many vectors it is.</exception>
    public void Merge(FeatureStatistics other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Dimensions, Dimensions);
        if (other.Count == 0 || (Count == 0 && _scatter.AsSpan().ContainsAnyExcept(0.0)))
            throw new InvalidOperationException("statistics without their number of pictures cannot be merged");
        double total = Count + other.Count;
        double[] difference = [.. other._mean.Zip(_mean, (theirs, ours) => theirs - ours)];
        for (int i = 0; i < _scatter.Length; i++)
            _scatter[i] += other._scatter[i];
        AddSquare(difference, Count * other.Count / total);
        for (int i = 0; i < Dimensions; i++)
            _mean[i] += difference[i] * other.Count / total;
        Count += other.Count;
    }

    /// <summary>Reads pytorch-fid's <c>.npz</c> with <c>mu</c> and <c>sigma</c>; ours say with <c>count</c> of how many vectors they are.</summary>
    /// <exception cref="WeightsFormatException">Not such a file.</exception>
    public static FeatureStatistics Read(string path)
    {
        using var file = WeightFile.Open(path);
        double[] mean = file[MeanName].ToDoubles(), covariance = file[CovarianceName].ToDoubles();
        if (mean.Length == 0 || covariance.Length != (long)mean.Length * mean.Length)
            throw new WeightsFormatException(path, $"its {CovarianceName} is not the square matrix that belongs to its {MeanName}");
        RefuseUnlessFinite(path, mean.Concat(covariance));
        return new FeatureStatistics(mean, covariance, file.TryGet(CountName, out var count) ? (long)count.ToDoubles()[0] : 0);
    }

    /// <summary>A network that overflowed leaves numbers that are none, and no distance to them.</summary>
    /// <exception cref="WeightsFormatException">There is such a one.</exception>
    internal static void RefuseUnlessFinite(string path, IEnumerable<double> numbers)
    {
        if (!numbers.All(double.IsFinite))
            throw new WeightsFormatException(path, "has infinite or undefined numbers among its features; make it again");
    }

    /// <summary>Writes a <c>.npz</c> that pytorch-fid reads.</summary>
    public void Save(string path) => NumpyArchive.Save(path,
    [
        StoredDoubles.Of(MeanName, _mean, Dimensions),
        StoredDoubles.Of(CovarianceName, Covariance(), Dimensions, Dimensions),
        StoredDoubles.Of(CountName, [Count], 1),
    ]);

    private void AddSquare(double[] vector, double weight)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(vector);
        for (int i = 0; i < Dimensions; i++)
        {
            double factor = weight * vector[i];
            var row = _scatter.AsSpan(i * Dimensions, Dimensions);
            var wideRow = MemoryMarshal.Cast<double, Vector<double>>(row);
            for (int k = 0; k < wideRow.Length; k++)
                wideRow[k] += factor * wide[k];
            for (int k = wideRow.Length * Vector<double>.Count; k < row.Length; k++)
                row[k] += factor * vector[k];
        }
    }
}

/// <summary>Arrays of doubles in and out of files.</summary>
internal static class StoredDoubles
{
    public static StoredTensor Of(string name, double[] numbers, params long[] shape)
        => new(name, DType.Float64, shape, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());

    public static double[] ToDoubles(this StoredTensor stored)
    {
        using var tensor = stored.ToTensor();
        using var wide = tensor.To(DType.Float64);
        return wide.ToArray<double>();
    }
}

/// <summary>Eigenvalues of symmetric matrices, by LAPACK in double precision.</summary>
internal static class SymmetricEigen
{
    private static readonly Op Eigh = Op.Find("aten::linalg_eigh");

    /// <param name="matrix">n×n; only one triangle is looked at.</param>
    /// <returns>The values, rising, and the vectors as columns of an n×n matrix in row-major order.</returns>
    public static (double[] Values, double[] Vectors) Of(double[] matrix, int n)
    {
        using var scope = TensorScope.Enter();
        var (values, vectors) = Of(Tensor.From(matrix, n, n));
        return (values.ToArray<double>(), vectors.ToArray<double>());
    }

    /// <summary>[n, n] to values [n], rising, and vectors [n, n], one a column.</summary>
    public static (Tensor Values, Tensor Vectors) Of(Tensor matrix)
    {
        var results = Eigh.CallMany(matrix, "L");
        return (results[0]!, results[1]!);
    }
}

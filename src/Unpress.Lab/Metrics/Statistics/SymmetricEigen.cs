using Unpress.Torch;

namespace Unpress.Metrics;

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

using Unpress.Torch;

namespace Unpress.Jpeg;

/// <summary>
/// The 8×8 type-II DCT of JPEG (ITU-T T.81, A.3.3), orthonormal, of every block of a plane: coefficient (u, v) of a block takes the place of
/// its pixel in row u and column v. Differentiable; float32 or float64, on the device of the input. On samples from −128 to 127 the
/// coefficients are those a JPEG file quantises.
/// </summary>
public static class BlockDct
{
    /// <summary>Pixels along the side of a block.</summary>
    public const int Side = 8;

    // Row k is the k-th cosine: c(k)/2 · cos((2x + 1)kπ/16).
    private static readonly double[] Cosines = [.. Enumerable.Range(0, Side * Side).Select(at => Cosine(at / Side, at % Side))];

    /// <summary>Pixels to coefficients.</summary>
    /// <param name="samples">[N, C, H, W], H and W multiples of 8.</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ArgumentException">H or W is no multiple of 8.</exception>
    public static Tensor Forward(Tensor samples)
    {
        using var scope = TensorScope.Enter();
        var basis = Basis(samples);
        return scope.Keep(Apply(samples, rows: basis, columns: basis.Transpose(0, 1)));
    }

    /// <summary>Coefficients (dequantised) to pixels: the exact inverse of <see cref="Forward"/>.</summary>
    /// <inheritdoc cref="Forward"/>
    public static Tensor Inverse(Tensor coefficients)
    {
        using var scope = TensorScope.Enter();
        var basis = Basis(coefficients);
        return scope.Keep(Apply(coefficients, rows: basis.Transpose(0, 1), columns: basis));
    }

    /// <summary>Repeats an 8×8 table over the blocks of a plane.</summary>
    /// <param name="table">[N, C, 8, 8], a quantisation table for instance.</param>
    /// <param name="height">A multiple of 8.</param>
    /// <param name="width">A multiple of 8.</param>
    /// <returns>[N, C, height, width].</returns>
    public static Tensor Spread(Tensor table, long height, long width) => Repeat.Call(table, new[] { 1, 1, height / Side, width / Side });

    private static readonly Op Repeat = Op.Find("aten::repeat");

    // rows · block · columns. Along the width the blocks are rows of a long matrix, along the height they are stacked: nothing is permuted.
    private static Tensor Apply(Tensor input, Tensor rows, Tensor columns)
    {
        var shape = input.Shape;
        if (shape.Length != 4 || shape[2] % Side != 0 || shape[3] % Side != 0)
            throw new ArgumentException($"the block DCT takes [N, C, H, W] with H and W multiples of {Side}, got [{string.Join(", ", shape)}]");
        var across = input.Reshape(-1, Side).MatMul(columns);
        return rows.MatMul(across.Reshape(-1, Side, shape[3])).Reshape(shape);
    }

    private static Tensor Basis(Tensor like) => Tensor.From(Cosines, Side, Side).To(like.DType).To(like.Device);

    private static double Cosine(int k, int x) => (k == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * k * Math.PI / 16);
}

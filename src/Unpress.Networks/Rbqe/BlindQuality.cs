using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>
/// RBQE's quality assessment (IQAM), by its MATLAB definition: a picture's score without its original, near 1 when no damage of
/// compression is seen. Blocks are looked at half a block off the codec's grid, so that its edges run through their middle. In smooth
/// blocks the highest Tchebichef moment tells how much of the energy is not a block edge; in textured ones, how much blurring the block
/// once more changes its moments tells how sharp it was (Xing et al., ECCV 2020, section 3.4).
/// </summary>
public static class BlindQuality
{
    private const double SmoothLimit = 0.004;
    private const double Clip = 0.05;
    private const double Tiny = 1e-5;
    private const double BlockWeight = 0.9, BlurWeight = 0.1;
    private const double BlurDeviation = 5;

    /// <summary>Pixels looked at in one go: bounds the memory.</summary>
    private const long Portion = 1 << 20;

    /// <param name="picture">[1, 1 or 3, H, W], 0..1; the luma (BT.601, full range) is assessed as an 8-bit picture would store it.</param>
    /// <param name="block">The codec's block size, 8 for JPEG, 4 for HEVC.</param>
    /// <returns>0..1, higher is better; 1 for a picture too small to hold a block.</returns>
    public static double Score(Tensor picture, int block)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var luma = Luma(picture);
        long rows = (luma.Size(0) / block) - 1, columns = (luma.Size(1) / block) - 1;
        Mean smooth = new(), textured = new();
        long step = rows > 0 && columns > 0 ? Math.Max(1, Portion / (columns * block * block)) : 1;
        for (long row = 0; row < rows && columns > 0; row += step)
        {
            using var part = TensorScope.Enter();
            long count = Math.Min(step, rows - row);
            var patches = luma.Narrow(0, (block / 2) + (row * block), count * block).Narrow(1, block / 2, columns * block)
                .Reshape(count, block, columns, block).Permute(0, 2, 1, 3).Reshape(count * columns, block, block);
            Assess(patches, block, smooth, textured);
        }

        return Math.Pow(smooth.Value, BlockWeight) * Math.Pow(textured.Value, BlurWeight);
    }

    private static void Assess(Tensor patches, int block, Mean smooth, Mean textured)
    {
        var basis = Tensor.From(Basis(block), block, block);
        var blur = Tensor.From(BlurMatrix(block), block, block);
        var moments = Moments(patches, basis);
        var blurred = Moments(blur.MatMul(patches).MatMul(blur), basis);

        var energy = moments.Square().Sum([1, 2]);
        var size = moments.Abs();
        var constant = size.Narrow(1, 0, 1).Narrow(2, 0, 1).Reshape(-1);
        var isTextured = Greater.Call(energy - constant.Square(), SmoothLimit).To(DType.Float64);

        var total = size.Sum([1, 2]) - constant + Tiny;
        var vertical = (size.Narrow(1, block - 1, 1).Sum([1, 2]) / total).Clamp(0, Clip);
        var horizontal = (size.Narrow(2, block - 1, 1).Sum([1, 2]) / total).Clamp(0, Clip);
        var free = (1 - ((vertical + horizontal) * 0.5)).Log() / Math.Log(1 - Clip);

        var similarity = ((moments * blurred * 2) + Tiny) / (moments.Square() + blurred.Square() + Tiny);
        var sharp = 1 - similarity.Mean([1, 2]);

        smooth.Add((free * (1 - isTextured)).Sum().Item(), (1 - isTextured).Sum().Item());
        textured.Add((sharp * isTextured).Sum().Item(), isTextured.Sum().Item());
    }

    /// <summary>[H, W] in float64, rounded to 8 bit.</summary>
    private static Tensor Luma(Tensor picture)
    {
        var x = picture.Detach().To(DType.Float64);
        var gray = x.Size(1) == 1
            ? x.Narrow(1, 0, 1)
            : (x.Narrow(1, 0, 1) * 0.299) + (x.Narrow(1, 1, 1) * 0.587) + (x.Narrow(1, 2, 1) * 0.114);
        return Round.Call(gray.Clamp(0, 1) * 255).Reshape(x.Size(2), x.Size(3)) / 255;
    }

    /// <summary>Tchebichef moments [P, B, B] of patches divided by their norm, less their mean. A black patch counts as any flat one.</summary>
    private static Tensor Moments(Tensor patches, Tensor basis)
    {
        var norm = patches.Square().Sum([1, 2], keep: true).Sqrt().Clamp(1e-12, double.MaxValue);
        var unit = patches / norm;
        return basis.MatMul(unit - unit.Mean([1, 2], keep: true)).MatMul(basis.Transpose(0, 1));
    }

    /// <summary>Orthonormal discrete Tchebichef polynomials of N points, one a row.</summary>
    internal static double[] Basis(int n)
    {
        var rows = new double[n * n];
        for (int x = 0; x < n; x++)
        {
            double before = 0, now = 1, first = (1.0 - n + (2 * x)) / n, rho = 1;
            for (int p = 0; p < n; p++)
            {
                if (p > 0)
                {
                    double ratio = (p - 1.0) / n;
                    (before, now) = (now, (((2 * p) - 1) * first * now - ((p - 1) * (1 - (ratio * ratio)) * before)) / p);
                    rho *= 1 - ((double)p * p / ((double)n * n));
                }

                rows[(p * n) + x] = now / Math.Sqrt(n / ((2.0 * p) + 1) * rho);
            }
        }

        return rows;
    }

    /// <summary>A 3-tap Gaussian as a matrix: nothing beyond the patch but zeros. Symmetric, so it serves rows and columns.</summary>
    private static double[] BlurMatrix(int n)
    {
        double side = Math.Exp(-1 / (2 * BlurDeviation * BlurDeviation));
        double sum = 1 + (2 * side);
        var matrix = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            matrix[(k * n) + k] = 1 / sum;
            if (k > 0)
                matrix[(k * n) + k - 1] = matrix[((k - 1) * n) + k] = side / sum;
        }

        return matrix;
    }

    private static readonly Op Round = Op.Find("aten::round");
    private static readonly Op Greater = Op.Find("aten::gt.Scalar");

    /// <summary>A mean that grows; 1 as long as nothing was added.</summary>
    private sealed class Mean
    {
        private double _sum, _count;

        public double Value => _count == 0 ? 1 : _sum / _count;

        public void Add(double sum, double count) => (_sum, _count) = (_sum + sum, _count + count);
    }
}

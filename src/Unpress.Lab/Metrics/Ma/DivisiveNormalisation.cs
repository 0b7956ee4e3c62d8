using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>
/// A band of a pyramid divided by how strong its neighbourhood is, as in DIIVINE (Moorthy and Bovik, IEEE TIP 2011, section III): nine pixels, the
/// one above in the coarser scale, and those of the other orientations, x, give z² = xᵀ·C⁻¹·x/N with C = E[x·xᵀ].
/// </summary>
internal static class DivisiveNormalisation
{
    private const int Guard = 16, PixelsAtOnce = 1 << 16;

    /// <summary>The band without its outermost pixel, divided; then without a guard of 16 pixels (8 in the second scale), and without its mean.</summary>
    public static Raster Of(SteerablePyramid pyramid, int scale, int orientation)
    {
        var band = pyramid.Bands[scale][orientation];
        int width = band.Width - 2, height = band.Height - 2, guard = Guard >> scale;
        double[] strength = Strength(pyramid, scale, orientation);
        double mean = 0;
        for (int y = 0; y < height; y++)
            foreach (double value in band.Row(y + 1).Slice(1, width))
                mean += value / ((double)width * height);
        var result = new Raster(width - (2 * guard), height - (2 * guard));
        for (int y = 0; y < result.Height; y++)
        {
            Span<double> target = result.Row(y), source = band.Row(y + guard + 1)[(guard + 1)..], divisors = strength.AsSpan(((y + guard) * width) + guard);
            for (int x = 0; x < target.Length; x++)
                target[x] = divisors[x] == 0 ? 0 : (source[x] - mean) / divisors[x];
        }

        double rest = result.Values.Average();
        for (int i = 0; i < result.Values.Length; i++)
            result.Values[i] -= rest;
        return result;
    }

    // z of every pixel but the outermost.
    private static double[] Strength(SteerablePyramid pyramid, int scale, int orientation)
    {
        using var scope = TensorScope.Enter();
        var bands = pyramid.Bands[scale];
        Tensor[] others = [.. bands.Where((_, k) => k != orientation).Select(Tensorial)];
        var own = Tensorial(bands[orientation]);
        // In the authors' code the last orientation of the first scale has no parent either.
        bool parent = scale == 0 && orientation < SteerablePyramid.Orientations - 1;
        if (parent)
            others = [Tensorial(Above(pyramid.Bands[1][orientation], bands[orientation])), .. others];
        int width = (int)own.Size(1) - 2, height = (int)own.Size(0) - 2, neighbours = 9 + (parent ? 1 : 0), rows = Math.Max(1, PixelsAtOnce / width);
        var products = Tensor.Zeros([9 + others.Length, 9 + others.Length], DType.Float64);
        for (int y = 0; y < height; y += rows)
        {
            using var strip = TensorScope.Enter();
            var x = Neighbourhoods(y, Math.Min(rows, height - y));
            products.Copy(products + x.MatMul(x.Transpose(0, 1)));
        }

        var inverse = InverseOf(products / ((double)width * height));
        var strength = new double[width * height];
        for (int y = 0; y < height; y += rows)
        {
            using var strip = TensorScope.Enter();
            var x = Neighbourhoods(y, Math.Min(rows, height - y));
            (inverse.MatMul(x) * x / neighbours).Sum([0]).Sqrt().CopyTo(strength.AsSpan(y * width, Math.Min(rows, height - y) * width));
        }

        return strength;

        // [neighbours, pixels]
        Tensor Neighbourhoods(int top, int count)
        {
            var near = Enumerable.Range(0, 9).Select(k => own.Narrow(0, top + (k / 3), count).Narrow(1, k % 3, width));
            var far = others.Select(band => band.Narrow(0, top + 1, count).Narrow(1, 1, width));
            return Tensor.Cat([.. near.Concat(far).Select(part => part.Reshape(1, -1))], 0);
        }
    }

    // Twice as large, cut to the finer band, which has a pixel less where its side is odd.
    private static Raster Above(Raster coarse, Raster fine)
    {
        var twice = BicubicEnlarged.Of(coarse, 2 * coarse.Width, 2 * coarse.Height);
        var cut = new Raster(fine.Width, fine.Height);
        for (int y = 0; y < cut.Height; y++)
            twice.Row(y)[..cut.Width].CopyTo(cut.Row(y));
        return cut;
    }

    // Of what is positive in the matrix, scaled so that its trace stays, the pseudoinverse with MATLAB's tolerance.
    private static Tensor InverseOf(Tensor covariance)
    {
        var (values, vectors) = SymmetricEigen.Of(covariance);
        double[] found = values.ToArray<double>();
        double positive = found.Where(value => value > 0).Sum(), all = found.Sum(), largest = Math.Max(0, found[^1]) * all / positive;
        double tolerance = found.Length * (Math.BitIncrement(largest) - largest);
        double[] inverse = [.. found.Select(value => value * all / positive is var kept && kept > tolerance ? 1 / kept : 0)];
        return (vectors * Tensor.From(inverse, inverse.Length)).MatMul(vectors.Transpose(0, 1));
    }

    private static Tensor Tensorial(Raster raster) => Tensor.From(raster.Values, raster.Height, raster.Width);
}

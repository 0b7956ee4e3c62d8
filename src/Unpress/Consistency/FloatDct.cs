using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Unpress.Consistency;

/// <summary>
/// The 8×8 type-II DCT of JPEG (ITU-T T.81, A.3.3), orthonormal, of one block in float32. On samples from −128 to 127 the coefficients are
/// those that a file quantises. Two products of 8×8 matrices, a row of the block in one vector; without fused multiplications, so that
/// every processor gives the same numbers.
/// </summary>
internal static class FloatDct
{
    /// <summary>Samples along the side of a block.</summary>
    public const int Side = 8;

    /// <summary>Samples of a block.</summary>
    public const int Block = Side * Side;

    // Row k is the k-th cosine: c(k)/2 · cos((2x + 1)kπ/16).
    private static readonly float[] Cosines = [.. Enumerable.Range(0, Block).Select(at => Cosine(at / Side, at % Side))];
    private static readonly float[] Transposed = [.. Enumerable.Range(0, Block).Select(at => Cosine(at % Side, at / Side))];

    /// <summary>Samples to coefficients.</summary>
    /// <param name="samples">From the block's first, eight rows of <paramref name="stride"/>.</param>
    /// <param name="coefficients">64, row = vertical frequency, written.</param>
    public static void Forward(ReadOnlySpan<float> samples, int stride, Span<float> coefficients) =>
        Apply(samples, stride, rows: Cosines, columns: Transposed, coefficients, Side);

    /// <summary>Coefficients to samples, the inverse of <see cref="Forward"/>.</summary>
    public static void Inverse(ReadOnlySpan<float> coefficients, Span<float> samples, int stride) =>
        Apply(coefficients, Side, rows: Transposed, columns: Cosines, samples, stride);

    // rows · block · columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(ReadOnlySpan<float> from, int fromStride, float[] rows, float[] columns, Span<float> to, int toStride)
    {
        from = from[..((7 * fromStride) + Side)];
        to = to[..((7 * toStride) + Side)];
        ref float matrix = ref MemoryMarshal.GetArrayDataReference(columns);
        var a0 = Row(from, ref matrix);
        var a1 = Row(from[fromStride..], ref matrix);
        var a2 = Row(from[(2 * fromStride)..], ref matrix);
        var a3 = Row(from[(3 * fromStride)..], ref matrix);
        var a4 = Row(from[(4 * fromStride)..], ref matrix);
        var a5 = Row(from[(5 * fromStride)..], ref matrix);
        var a6 = Row(from[(6 * fromStride)..], ref matrix);
        var a7 = Row(from[(7 * fromStride)..], ref matrix);
        for (int k = 0; k < Side; k++)
        {
            var weights = rows.AsSpan(k * Side, Side);
            var sum = a0 * weights[0];
            sum += a1 * weights[1];
            sum += a2 * weights[2];
            sum += a3 * weights[3];
            sum += a4 * weights[4];
            sum += a5 * weights[5];
            sum += a6 * weights[6];
            sum += a7 * weights[7];
            sum.CopyTo(to[(k * toStride)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(ReadOnlySpan<float> row, ref float columns)
    {
        var sum = Vector256.LoadUnsafe(ref columns) * row[0];
        for (int x = 1; x < Side; x++)
            sum += Vector256.LoadUnsafe(ref columns, (nuint)(x * Side)) * row[x];
        return sum;
    }

    private static float Cosine(int k, int x) => (float)((k == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * k * Math.PI / 16));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// <see cref="JpegDct"/> for two blocks at a time: one in each half of the vectors of 16 values, a row of 8 to each half. A pass works
/// down the columns; a transposition before it makes it work along the rows.
/// </summary>
internal static unsafe class JpegDctAvx2
{
    private const int FirstForward = JpegDct.ConstantBits - JpegDct.PassBits, SecondForward = JpegDct.ConstantBits + JpegDct.PassBits;
    private const int FirstInverse = FirstForward, SecondInverse = SecondForward + 3;

    public static void Forward(byte* samples, nint stride, Quantiser quantiser, short* blocks, int count)
    {
        short* spare = stackalloc short[64];
        var rows = stackalloc Vector256<short>[8];
        for (int i = 0; i < count; i += 2)
        {
            short* first = blocks + (64 * i), second = i + 1 < count ? first + 64 : spare;
            ForwardPair(samples + (8 * i), stride, rows);
            for (int y = 0; y < 8; y++)
            {
                var levels = Quantise(rows[y], quantiser, y);
                levels.GetLower().Store(first + (8 * y));
                levels.GetUpper().Store(second + (8 * y));
            }
        }
    }

    public static void Inverse(short* blocks, Quantiser quantiser, byte* samples, nint stride, int count)
    {
        var rows = stackalloc Vector256<short>[8];
        for (int i = 0; i < count; i += 2)
        {
            short* first = blocks + (64 * i), second = i + 1 < count ? first + 64 : first;
            for (int y = 0; y < 8; y++)
                rows[y] = Vector256.Create(Vector128.Load(first + (8 * y)), Vector128.Load(second + (8 * y))) * Row(quantiser.Steps, y);
            InversePair(rows, samples + (8 * i), stride);
        }
    }

    public static void RoundTrip(byte* samples, nint stride, Quantiser quantiser, int count)
    {
        var rows = stackalloc Vector256<short>[8];
        for (int i = 0; i < count; i += 2)
        {
            ForwardPair(samples + (8 * i), stride, rows);
            for (int y = 0; y < 8; y++)
                rows[y] = Quantise(rows[y], quantiser, y) * Row(quantiser.Steps, y);
            InversePair(rows, samples + (8 * i), stride);
        }
    }

    private static void ForwardPair(byte* samples, nint stride, Vector256<short>* rows)
    {
        for (int y = 0; y < 8; y++)
            rows[y] = Avx2.ConvertToVector256Int16(samples + (y * stride)) - Vector256.Create((short)128);
        ForwardAlongRows(rows);
        ForwardDownColumns(rows);
    }

    private static void InversePair(Vector256<short>* rows, byte* samples, nint stride)
    {
        InverseDownColumns(rows);
        InverseAlongRows(rows);
        for (int y = 0; y < 8; y += 2)
        {
            // Halves of the packed vector: row y of the first block and row y + 1 of it, then the same of the second.
            var bytes = Avx2.PackSignedSaturate(rows[y], rows[y + 1]).AsByte() ^ Vector256.Create((byte)128);
            var ordered = Avx2.Permute4x64(bytes.AsUInt64(), 0b11_01_10_00).AsByte();
            ordered.GetLower().Store(samples + (y * stride));
            ordered.GetUpper().Store(samples + ((y + 1) * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Quantise(Vector256<short> values, Quantiser quantiser, int y)
    {
        var magnitudes = Avx2.Abs(values) + Row(quantiser.Corrections, y);
        var levels = Avx2.MultiplyHigh(Avx2.MultiplyHigh(magnitudes, Row(quantiser.Reciprocals, y)), Row(quantiser.Scales, y));
        return Avx2.Sign(levels.AsInt16(), values);
    }

    /// <summary>Row y of a table of 64, once for each block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Row<T>(T[] table, int y)
    {
        var row = Vector128.LoadUnsafe(ref table[8 * y]);
        return Vector256.Create(row, row);
    }

    // Methods of their own, so that each pass has its shifts as constants and the registers to itself.
    private static void ForwardAlongRows(Vector256<short>* rows)
    {
        Transpose(rows);
        ForwardPass(rows, first: true);
    }

    private static void ForwardDownColumns(Vector256<short>* rows)
    {
        Transpose(rows);
        ForwardPass(rows, first: false);
    }

    private static void InverseDownColumns(Vector256<short>* rows) => InversePass(rows, first: true);

    private static void InverseAlongRows(Vector256<short>* rows)
    {
        Transpose(rows);
        InversePass(rows, first: false);
        Transpose(rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardPass(Vector256<short>* v, bool first)
    {
        Vector256<short> s0 = v[0] + v[7], d0 = v[0] - v[7], s1 = v[1] + v[6], d1 = v[1] - v[6];
        Vector256<short> s2 = v[2] + v[5], d2 = v[2] - v[5], s3 = v[3] + v[4], d3 = v[3] - v[4];
        int shift = first ? FirstForward : SecondForward;

        Vector256<short> e0 = s0 + s3, e3 = s0 - s3, e1 = s1 + s2, e2 = s1 - s2;
        if (first)
        {
            v[0] = (e0 + e1) << JpegDct.PassBits;
            v[4] = (e0 - e1) << JpegDct.PassBits;
        }
        else
        {
            var half = Vector256.Create((short)(1 << (JpegDct.PassBits - 1)));
            v[0] = (e0 + e1 + half) >> JpegDct.PassBits;
            v[4] = (e0 - e1 + half) >> JpegDct.PassBits;
        }

        var even = Pairs.Of(e3, e2);
        v[2] = even.Times(JpegDct.F0541 + JpegDct.F0765, JpegDct.F0541).Descale(shift);
        v[6] = even.Times(JpegDct.F0541, JpegDct.F0541 - JpegDct.F1847).Descale(shift);

        var thirds = Pairs.Of(d3 + d1, d2 + d0);
        var turn3 = thirds.Times(JpegDct.F1175 - JpegDct.F1961, JpegDct.F1175);
        var turn4 = thirds.Times(JpegDct.F1175, JpegDct.F1175 - JpegDct.F0390);
        Pairs outer = Pairs.Of(d3, d0), inner = Pairs.Of(d2, d1);
        v[7] = (outer.Times(JpegDct.F0298 - JpegDct.F0899, -JpegDct.F0899) + turn3).Descale(shift);
        v[1] = (outer.Times(-JpegDct.F0899, JpegDct.F1501 - JpegDct.F0899) + turn4).Descale(shift);
        v[5] = (inner.Times(JpegDct.F2053 - JpegDct.F2562, -JpegDct.F2562) + turn4).Descale(shift);
        v[3] = (inner.Times(-JpegDct.F2562, JpegDct.F3072 - JpegDct.F2562) + turn3).Descale(shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InversePass(Vector256<short>* v, bool first)
    {
        int shift = first ? FirstInverse : SecondInverse;
        var even = Pairs.Of(v[2], v[6]);
        var low = even.Times(JpegDct.F0541, JpegDct.F0541 - JpegDct.F1847);
        var high = even.Times(JpegDct.F0541 + JpegDct.F0765, JpegDct.F0541);
        Sums sum = Sums.Scaled(v[0] + v[4]), difference = Sums.Scaled(v[0] - v[4]);
        Sums e0 = sum + high, e3 = sum - high, e1 = difference + low, e2 = difference - low;

        var thirds = Pairs.Of(v[7] + v[3], v[5] + v[1]);
        var turn3 = thirds.Times(JpegDct.F1175 - JpegDct.F1961, JpegDct.F1175);
        var turn4 = thirds.Times(JpegDct.F1175, JpegDct.F1175 - JpegDct.F0390);
        Pairs outer = Pairs.Of(v[7], v[1]), inner = Pairs.Of(v[5], v[3]);
        var o0 = outer.Times(JpegDct.F0298 - JpegDct.F0899, -JpegDct.F0899) + turn3;
        var o3 = outer.Times(-JpegDct.F0899, JpegDct.F1501 - JpegDct.F0899) + turn4;
        var o1 = inner.Times(JpegDct.F2053 - JpegDct.F2562, -JpegDct.F2562) + turn4;
        var o2 = inner.Times(-JpegDct.F2562, JpegDct.F3072 - JpegDct.F2562) + turn3;

        v[0] = (e0 + o3).Descale(shift);
        v[7] = (e0 - o3).Descale(shift);
        v[1] = (e1 + o2).Descale(shift);
        v[6] = (e1 - o2).Descale(shift);
        v[2] = (e2 + o1).Descale(shift);
        v[5] = (e2 - o1).Descale(shift);
        v[3] = (e3 + o0).Descale(shift);
        v[4] = (e3 - o0).Descale(shift);
    }

    /// <summary>8×8 in each half of the vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(Vector256<short>* v)
    {
        Vector256<int> a0 = Low(v[0], v[1]), a1 = High(v[0], v[1]), a2 = Low(v[2], v[3]), a3 = High(v[2], v[3]);
        Vector256<int> a4 = Low(v[4], v[5]), a5 = High(v[4], v[5]), a6 = Low(v[6], v[7]), a7 = High(v[6], v[7]);
        Vector256<long> b0 = Low(a0, a2), b1 = High(a0, a2), b2 = Low(a1, a3), b3 = High(a1, a3);
        Vector256<long> b4 = Low(a4, a6), b5 = High(a4, a6), b6 = Low(a5, a7), b7 = High(a5, a7);
        v[0] = Avx2.UnpackLow(b0, b4).AsInt16();
        v[1] = Avx2.UnpackHigh(b0, b4).AsInt16();
        v[2] = Avx2.UnpackLow(b1, b5).AsInt16();
        v[3] = Avx2.UnpackHigh(b1, b5).AsInt16();
        v[4] = Avx2.UnpackLow(b2, b6).AsInt16();
        v[5] = Avx2.UnpackHigh(b2, b6).AsInt16();
        v[6] = Avx2.UnpackLow(b3, b7).AsInt16();
        v[7] = Avx2.UnpackHigh(b3, b7).AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Low(Vector256<short> a, Vector256<short> b) => Avx2.UnpackLow(a, b).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> High(Vector256<short> a, Vector256<short> b) => Avx2.UnpackHigh(a, b).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Low(Vector256<int> a, Vector256<int> b) => Avx2.UnpackLow(a, b).AsInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> High(Vector256<int> a, Vector256<int> b) => Avx2.UnpackHigh(a, b).AsInt64();

    /// <summary>Two vectors, value beside value, so that one instruction multiplies both and adds.</summary>
    private readonly record struct Pairs(Vector256<short> Low, Vector256<short> High)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Pairs Of(Vector256<short> a, Vector256<short> b) => new(Avx2.UnpackLow(a, b), Avx2.UnpackHigh(a, b));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Sums Times(int a, int b)
        {
            var factors = Vector256.Create((b << 16) | (a & 0xFFFF)).AsInt16();
            return new(Avx2.MultiplyAddAdjacent(Low, factors), Avx2.MultiplyAddAdjacent(High, factors));
        }
    }

    /// <summary>16 sums of 32 bits, in the order of <see cref="Pairs"/>.</summary>
    private readonly record struct Sums(Vector256<int> Low, Vector256<int> High)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Sums operator +(Sums a, Sums b) => new(a.Low + b.Low, a.High + b.High);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Sums operator -(Sums a, Sums b) => new(a.Low - b.Low, a.High - b.High);

        /// <summary>The values with 13 fractional bits.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Sums Scaled(Vector256<short> values)
        {
            var zero = Vector256<short>.Zero;
            return new(
                Avx2.UnpackLow(zero, values).AsInt32() >> (16 - JpegDct.ConstantBits),
                Avx2.UnpackHigh(zero, values).AsInt32() >> (16 - JpegDct.ConstantBits));
        }

        /// <summary>Shifted right with rounding, saturated to 16 bits.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<short> Descale(int shift)
        {
            var half = Vector256.Create(1 << (shift - 1));
            return Avx2.PackSignedSaturate((Low + half) >> shift, (High + half) >> shift);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// The integer DCT of 8×8 blocks that libjpeg calls "islow" (C. Loeffler, A. Ligtenberg, G. S. Moschytz, "Practical fast 1-D DCT
/// algorithms with 11 multiplications", ICASSP 1989): constants of 13 bits, 2 more bits kept between the passes, every rounding where
/// libjpeg-turbo rounds. This is the plain form; <see cref="JpegDctAvx2"/> gives the same bits.
/// Values that no picture has (they come from damaged files) wrap and saturate at 16 bits as vector registers do.
/// </summary>
internal static unsafe class JpegDct
{
    internal const int ConstantBits = 13;
    internal const int PassBits = 2;

    internal const int F0298 = 2446, F0390 = 3196, F0541 = 4433, F0765 = 6270, F0899 = 7373, F1175 = 9633;
    internal const int F1501 = 12299, F1847 = 15137, F1961 = 16069, F2053 = 16819, F2562 = 20995, F3072 = 25172;

    /// <summary>Samples of blocks that lie side by side to levels.</summary>
    /// <param name="samples">8 rows of 8 × <paramref name="count"/> samples; with an odd count 8 more a row may be read.</param>
    /// <param name="blocks">64 × <paramref name="count"/> levels, each block in natural order.</param>
    public static void Forward(byte* samples, nint stride, Quantiser quantiser, short* blocks, int count)
    {
        if (Avx2.IsSupported)
        {
            JpegDctAvx2.Forward(samples, stride, quantiser, blocks, count);
            return;
        }

        for (int i = 0; i < count; i++)
            ForwardBlock(samples + (8 * i), stride, quantiser, blocks + (64 * i));
    }

    /// <summary>Levels to samples.</summary>
    /// <param name="blocks">64 × <paramref name="count"/> levels, each block in natural order.</param>
    /// <param name="samples">8 rows of 8 × <paramref name="count"/> samples; with an odd count 8 more a row may be written.</param>
    public static void Inverse(short* blocks, Quantiser quantiser, byte* samples, nint stride, int count)
    {
        if (Avx2.IsSupported)
        {
            JpegDctAvx2.Inverse(blocks, quantiser, samples, stride, count);
            return;
        }

        for (int i = 0; i < count; i++)
            InverseBlock(blocks + (64 * i), quantiser, samples + (8 * i), stride);
    }

    /// <summary>What <see cref="Forward"/> and <see cref="Inverse"/> one after the other do to the samples, in place.</summary>
    public static void RoundTrip(byte* samples, nint stride, Quantiser quantiser, int count)
    {
        if (Avx2.IsSupported)
        {
            JpegDctAvx2.RoundTrip(samples, stride, quantiser, count);
            return;
        }

        short* block = stackalloc short[64];
        for (int i = 0; i < count; i++)
        {
            ForwardBlock(samples + (8 * i), stride, quantiser, block);
            InverseBlock(block, quantiser, samples + (8 * i), stride);
        }
    }

    internal static void ForwardBlock(byte* samples, nint stride, Quantiser quantiser, short* block)
    {
        int* work = stackalloc int[64];
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 8; x++)
                work[(8 * y) + x] = samples[(y * stride) + x] - 128;
        }

        for (int y = 0; y < 8; y++)
            ForwardLine(work + (8 * y), 1, -PassBits, ConstantBits - PassBits);
        for (int x = 0; x < 8; x++)
            ForwardLine(work + x, 8, PassBits, ConstantBits + PassBits);
        quantiser.Quantise(new ReadOnlySpan<int>(work, 64), new Span<short>(block, 64));
    }

    internal static void InverseBlock(short* block, Quantiser quantiser, byte* samples, nint stride)
    {
        short* work = stackalloc short[64];
        short[] steps = quantiser.Steps;
        for (int i = 0; i < 64; i++)
            work[i] = (short)(block[i] * steps[i]);
        for (int x = 0; x < 8; x++)
            InverseLine(work + x, 8, ConstantBits - PassBits);
        for (int y = 0; y < 8; y++)
            InverseLine(work + (8 * y), 1, ConstantBits + PassBits + 3);
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 8; x++)
                samples[(y * stride) + x] = (byte)(Math.Clamp((int)work[(8 * y) + x], -128, 127) + 128);
        }
    }

    // One line of 8 values at that distance; inlined, so that distance and shifts are constants. Shift: of the two outputs without
    // multiplication; negative is to the left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardLine(int* v, int distance, int shift, int scaledShift)
    {
        int s0 = v[0] + v[7 * distance], d0 = v[0] - v[7 * distance];
        int s1 = v[distance] + v[6 * distance], d1 = v[distance] - v[6 * distance];
        int s2 = v[2 * distance] + v[5 * distance], d2 = v[2 * distance] - v[5 * distance];
        int s3 = v[3 * distance] + v[4 * distance], d3 = v[3 * distance] - v[4 * distance];

        int e0 = s0 + s3, e3 = s0 - s3, e1 = s1 + s2, e2 = s1 - s2;
        v[0] = shift < 0 ? (e0 + e1) << -shift : Descale(e0 + e1, shift);
        v[4 * distance] = shift < 0 ? (e0 - e1) << -shift : Descale(e0 - e1, shift);
        int turn = (e2 + e3) * F0541;
        v[2 * distance] = Descale(turn + (e3 * F0765), scaledShift);
        v[6 * distance] = Descale(turn - (e2 * F1847), scaledShift);

        int turn3 = ((d3 + d1 + d2 + d0) * F1175) - ((d3 + d1) * F1961);
        int turn4 = ((d3 + d1 + d2 + d0) * F1175) - ((d2 + d0) * F0390);
        int turn1 = (d3 + d0) * -F0899, turn2 = (d2 + d1) * -F2562;
        v[7 * distance] = Descale((d3 * F0298) + turn1 + turn3, scaledShift);
        v[5 * distance] = Descale((d2 * F2053) + turn2 + turn4, scaledShift);
        v[3 * distance] = Descale((d1 * F3072) + turn2 + turn3, scaledShift);
        v[distance] = Descale((d0 * F1501) + turn1 + turn4, scaledShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InverseLine(short* v, int distance, int shift)
    {
        int v2 = v[2 * distance], v6 = v[6 * distance];
        int turn = (v2 + v6) * F0541, low = turn - (v6 * F1847), high = turn + (v2 * F0765);
        int sum = (short)(v[0] + v[4 * distance]) << ConstantBits, difference = (short)(v[0] - v[4 * distance]) << ConstantBits;
        int e0 = sum + high, e3 = sum - high, e1 = difference + low, e2 = difference - low;

        int o0 = v[7 * distance], o1 = v[5 * distance], o2 = v[3 * distance], o3 = v[distance];
        int third = (short)(o0 + o2), fourth = (short)(o1 + o3);
        int turn3 = (third * (F1175 - F1961)) + (fourth * F1175), turn4 = (third * F1175) + (fourth * (F1175 - F0390));
        int turn1 = (o0 + o3) * -F0899, turn2 = (o1 + o2) * -F2562;
        o0 = (o0 * F0298) + turn1 + turn3;
        o1 = (o1 * F2053) + turn2 + turn4;
        o2 = (o2 * F3072) + turn2 + turn3;
        o3 = (o3 * F1501) + turn1 + turn4;

        v[0] = Saturate(Descale(e0 + o3, shift));
        v[7 * distance] = Saturate(Descale(e0 - o3, shift));
        v[distance] = Saturate(Descale(e1 + o2, shift));
        v[6 * distance] = Saturate(Descale(e1 - o2, shift));
        v[2 * distance] = Saturate(Descale(e2 + o1, shift));
        v[5 * distance] = Saturate(Descale(e2 - o1, shift));
        v[3 * distance] = Saturate(Descale(e3 + o0, shift));
        v[4 * distance] = Saturate(Descale(e3 - o0, shift));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Descale(int value, int shift) => (value + (1 << (shift - 1))) >> shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static short Saturate(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);
}

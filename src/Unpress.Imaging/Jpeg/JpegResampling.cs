using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// Rows of chroma made smaller and larger as libjpeg does: means with its alternating rounding; the triangle filter ("fancy upsampling",
/// 3/4 the nearer sample and 1/4 the farther in each doubled direction) for factors of 2, repetition for all others.
/// Vectors may read and write up to 32 samples beyond a row, so rows have that much <see cref="Slack"/>.
/// </summary>
internal static unsafe class JpegResampling
{
    public const int Slack = 64;

    /// <summary>Means of <paramref name="across"/> × <paramref name="down"/> samples.</summary>
    /// <param name="rows">That many rows, at that stride, of <paramref name="across"/> × <paramref name="width"/> samples.</param>
    public static void Reduce(byte* rows, nint stride, int across, int down, byte* target, int width)
    {
        if (across == 2 && down == 2)
            Halve(rows, rows + stride, firstBias: 1, secondBias: 2, shift: 2, target, width);
        else if (across == 2 && down == 1)
            Halve(rows, null, firstBias: 0, secondBias: 1, shift: 1, target, width);
        else
            ReducePlain(rows, stride, across, down, target, width);
    }

    /// <summary>Doubles across with the triangle filter.</summary>
    /// <param name="sums">Room for <paramref name="width"/> samples and twice <see cref="Slack"/>.</param>
    /// <param name="target">2 × <paramref name="width"/> samples.</param>
    public static void DoubleAcross(byte* source, int width, ushort* sums, byte* target)
    {
        for (int x = 0; x < width; x += 16)
            Vector256.Store(Widen(source + x), sums + 1 + x);
        Spread(sums, width, evenBias: 1, oddBias: 2, shift: 2, target);
    }

    /// <summary>Doubles both ways with the triangle filter: the row that lies nearer to one row and farther from the other.</summary>
    /// <inheritdoc cref="DoubleAcross"/>
    public static void DoubleBoth(byte* near, byte* far, int width, ushort* sums, byte* target)
    {
        for (int x = 0; x < width; x += 16)
        {
            var nearer = Widen(near + x);
            Vector256.Store(nearer + nearer + nearer + Widen(far + x), sums + 1 + x);
        }

        Spread(sums, width, evenBias: 8, oddBias: 7, shift: 4, target);
    }

    /// <summary>Doubles down with the triangle filter.</summary>
    /// <param name="bias">1 for the upper row of the two that come of <paramref name="near"/>, 2 for the lower.</param>
    public static void DoubleDown(byte* near, byte* far, int width, int bias, byte* target)
    {
        for (int x = 0; x < width; x++)
            target[x] = (byte)(((3 * near[x]) + far[x] + bias) >> 2);
    }

    /// <summary>Each sample <paramref name="times"/> times.</summary>
    public static void Repeat(byte* source, int width, int times, byte* target)
    {
        for (int x = 0; x < width; x++)
        {
            for (int i = 0; i < times; i++)
                *target++ = source[x];
        }
    }

    /// <summary>Repeats the last sample of a row.</summary>
    public static void Extend(byte* row, int width, int wanted)
    {
        if (wanted > width)
            Unsafe.InitBlockUnaligned(row + width, row[width - 1], (uint)(wanted - width));
    }

    // Pairs of one row, or of two; the rounding alternates from sample to sample.
    private static void Halve(byte* upper, byte* lower, int firstBias, int secondBias, int shift, byte* target, int width)
    {
        var low = Vector256.Create((ushort)255);
        var bias = Vector256.Create((secondBias << 16) | firstBias).AsUInt16();
        for (int x = 0; x < width; x += 16)
        {
            var pairs = Vector256.Load(upper + (2 * x)).AsUInt16();
            var sum = (pairs & low) + (pairs >>> 8) + bias;
            if (lower is not null)
            {
                pairs = Vector256.Load(lower + (2 * x)).AsUInt16();
                sum += (pairs & low) + (pairs >>> 8);
            }

            sum >>>= shift;
            Vector128.Narrow(sum.GetLower(), sum.GetUpper()).Store(target + x);
        }
    }

    private static void ReducePlain(byte* rows, nint stride, int across, int down, byte* target, int width)
    {
        int count = across * down;
        for (int x = 0; x < width; x++)
        {
            int sum = count / 2;
            for (int v = 0; v < down; v++)
            {
                for (int h = 0; h < across; h++)
                    sum += rows[(v * stride) + (x * across) + h];
            }

            target[x] = (byte)(sum / count);
        }
    }

    // Samples, or sums of two rows, stand from sums[1]; beyond both ends they are repeated.
    private static void Spread(ushort* sums, int width, int evenBias, int oddBias, int shift, byte* target)
    {
        sums[0] = sums[1];
        sums[width + 1] = sums[width];
        Vector256<ushort> even = Vector256.Create((ushort)evenBias), odd = Vector256.Create((ushort)oddBias);
        for (int x = 0; x < width; x += 16)
        {
            var here = Vector256.Load(sums + 1 + x);
            here = here + here + here;
            var left = (here + Vector256.Load(sums + x) + even) >>> shift;
            var right = (here + Vector256.Load(sums + 2 + x) + odd) >>> shift;
            (left | (right << 8)).AsByte().Store(target + (2 * x));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Widen(byte* samples)
    {
        var bytes = Vector128.Load(samples);
        return Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
    }
}

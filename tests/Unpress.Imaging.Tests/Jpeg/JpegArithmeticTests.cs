using System.Runtime.Intrinsics.X86;
using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>The fast routines of the codec beside slow and obvious ones.</summary>
public unsafe class JpegArithmeticTests
{
    [Fact]
    public void Quantising_is_division_with_halves_away_from_zero()
    {
        ushort[] steps = new ushort[64];
        int[] coefficients = new int[64];
        short[] levels = new short[64];
        foreach (int step in Enumerable.Range(1, 300).Concat([1023, 4095, 4096, 8191, 8192, 32768, 65535]))
        {
            steps.AsSpan().Fill((ushort)step);
            var quantiser = new Quantiser(steps);
            for (int value = -10500; value <= 10500; value++)
            {
                int expected = (Math.Abs(value) + (4 * step)) / (8 * step) * Math.Sign(value);
                coefficients[5] = value;
                quantiser.Quantise(coefficients, levels);
                if (levels[5] != expected)
                    Assert.Fail($"{value} by {step}: {levels[5]}, not {expected}");
                // As the vectors do it: sums of 16 bits, upper halves of products.
                uint sum = (ushort)(Math.Abs(value) + quantiser.Corrections[5]);
                int level = (int)(((sum * quantiser.Reciprocals[5]) >> 16) * quantiser.Scales[5] >> 16);
                if (level != Math.Abs(expected))
                    Assert.Fail($"{value} by {step} in 16 bits: {level}");
            }
        }
    }

    [Fact]
    public void The_dct_is_the_formula_rounded_and_back_again()
    {
        var random = new Random(5);
        byte[] samples = new byte[64 + 64];
        ushort[] ones = [.. Enumerable.Repeat((ushort)1, 64)];
        var quantiser = new Quantiser(ones);
        short* block = stackalloc short[64];
        for (int round = 0; round < 200; round++)
        {
            random.NextBytes(samples);
            byte[] original = [.. samples];
            fixed (byte* s = samples)
            {
                JpegDct.ForwardBlock(s, 8, quantiser, block);
                for (int i = 0; i < 64; i++)
                    Assert.InRange(block[i] - Formula(original, i % 8, i / 8), -0.7, 0.7);
                JpegDct.InverseBlock(block, quantiser, s, 8);
            }

            for (int i = 0; i < 64; i++)
                Assert.InRange(samples[i] - original[i], -2, 2);
        }
    }

    /// <summary>Everything that files may hold, damaged ones too: any level times any step.</summary>
    [Fact]
    public void Two_blocks_at_a_time_are_one_after_the_other()
    {
        if (!Avx2.IsSupported)
            return;
        var random = new Random(6);
        const int Count = 5, Stride = 48;
        byte[] samples = new byte[8 * Stride], expected = new byte[8 * Stride];
        short[] levels = new short[64 * Count], single = new short[64 * Count];
        for (int round = 0; round < 3000; round++)
        {
            ushort[] steps = [.. Enumerable.Range(0, 64).Select(_ => (ushort)random.Next(1, round % 3 == 0 ? 65536 : 256))];
            var quantiser = new Quantiser(steps);
            random.NextBytes(samples);
            fixed (byte* s = samples, e = expected)
            fixed (short* l = levels, one = single)
            {
                JpegDctAvx2.Forward(s, Stride, quantiser, l, Count);
                for (int i = 0; i < Count; i++)
                    JpegDct.ForwardBlock(s + (8 * i), Stride, quantiser, one + (64 * i));
                Assert.Equal(single, levels);
                JpegDctAvx2.RoundTrip(s, Stride, quantiser, Count);
                for (int i = 0; i < Count; i++)
                    JpegDct.InverseBlock(one + (64 * i), quantiser, e + (8 * i), Stride);
                AssertSameBlocks(expected, samples, Count, Stride);

                int largest = round % 2 == 0 ? 32767 : 60;
                for (int i = 0; i < levels.Length; i++)
                    levels[i] = (short)random.Next(-largest - 1, largest + 1);
                JpegDctAvx2.Inverse(l, quantiser, s, Stride, Count);
                for (int i = 0; i < Count; i++)
                    JpegDct.InverseBlock(l + (64 * i), quantiser, e + (8 * i), Stride);
                AssertSameBlocks(expected, samples, Count, Stride);
            }
        }
    }

    /// <summary>All 16.8 million colours there and back, by vectors where there are any.</summary>
    [Fact]
    public void Colour_rows_are_what_the_plain_loop_gives_for_every_colour()
    {
        const int Width = 65536;
        byte[] rgb = new byte[3 * Width], back = new byte[3 * Width], plainBack = new byte[3 * Width];
        byte[][] planes = [new byte[Width], new byte[Width], new byte[Width]], plain = [new byte[Width], new byte[Width], new byte[Width]];
        for (int first = 0; first < 256; first++)
        {
            for (int i = 0; i < Width; i++)
                (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = ((byte)first, (byte)(i >> 8), (byte)i);
            fixed (byte* pixels = rgb, b = back, pb = plainBack, y = planes[0], cb = planes[1], cr = planes[2])
            fixed (byte* py = plain[0], pcb = plain[1], pcr = plain[2])
            {
                JpegColour.ToYcc(pixels, y, cb, cr, Width);
                JpegColour.ToYccPlain(pixels, py, pcb, pcr, Width);
                for (int i = 0; i < 3; i++)
                    Assert.True(planes[i].AsSpan().SequenceEqual(plain[i]), $"plane {i} of red {first}");
                // The same bytes as Y, Cb, Cr: all combinations.
                for (int i = 0; i < Width; i++)
                    (y[i], cb[i], cr[i]) = ((byte)first, (byte)(i >> 8), (byte)i);
                JpegColour.ToRgb(y, cb, cr, b, Width);
                JpegColour.ToRgbPlain(y, cb, cr, pb, Width);
                Assert.True(back.AsSpan().SequenceEqual(plainBack), $"luma {first}");
            }
        }
    }

    private static void AssertSameBlocks(byte[] expected, byte[] actual, int count, int stride)
    {
        for (int y = 0; y < 8; y++)
            Assert.Equal(expected.AsSpan(y * stride, 8 * count), actual.AsSpan(y * stride, 8 * count));
    }

    /// <summary>ITU-T T.81, A.3.3.</summary>
    private static double Formula(byte[] samples, int u, int v)
    {
        double sum = 0;
        for (int i = 0; i < 64; i++)
            sum += (samples[i] - 128) * Math.Cos(((2 * (i % 8)) + 1) * u * Math.PI / 16) * Math.Cos(((2 * (i / 8)) + 1) * v * Math.PI / 16);
        return sum / 4 * (u == 0 ? Math.Sqrt(0.5) : 1) * (v == 0 ? Math.Sqrt(0.5) : 1);
    }
}

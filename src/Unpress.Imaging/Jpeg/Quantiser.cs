using System.Collections.Concurrent;
using System.Numerics;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// One quantisation table made ready for both directions. Quantising divides a coefficient of the forward DCT, which is scaled by 8, by
/// 8 times the step and rounds halves away from zero; the division is a multiplication by a reciprocal of 16 bits, as in libjpeg-turbo.
/// </summary>
internal sealed class Quantiser
{
    private static readonly ConcurrentDictionary<int, Quantiser> Lumas = new(), Chromas = new();

    /// <param name="steps">64 steps in natural order. The forward direction takes a step of 0, which no encoder writes, as 1.</param>
    public Quantiser(ReadOnlySpan<ushort> steps)
    {
        for (int i = 0; i < 64; i++)
        {
            Steps[i] = (short)steps[i];
            Prepare(i, Math.Max((int)steps[i], 1));
        }
    }

    /// <summary>64 factors of the inverse direction, natural order; 16 bits with wrap-around, as libjpeg holds them.</summary>
    public short[] Steps { get; } = new short[64];

    /// <summary>64 reciprocals; 0 where the step is larger than any coefficient.</summary>
    public ushort[] Reciprocals { get; } = new ushort[64];

    /// <summary>Added to a magnitude before it is multiplied: half the divisor, and 1 where the reciprocal was rounded down.</summary>
    public ushort[] Corrections { get; } = new ushort[64];

    /// <summary>Powers of two: multiplying by one and dropping 16 bits is the rest of the shift.</summary>
    public ushort[] Scales { get; } = new ushort[64];

    /// <summary>How far a product of magnitude and reciprocal is shifted, 18–31.</summary>
    public byte[] Shifts { get; } = new byte[64];

    /// <summary>The table of Annex K for luma at a quality factor of 1–100; made once.</summary>
    public static Quantiser Luma(int quality) => Lumas.GetOrAdd(quality, q => new Quantiser(StandardTables.Luma(q)));

    /// <summary>The table of Annex K for chroma at a quality factor of 1–100; made once.</summary>
    public static Quantiser Chroma(int quality) => Chromas.GetOrAdd(quality, q => new Quantiser(StandardTables.Chroma(q)));

    /// <summary>The 64 coefficients of a block, scaled by 8, to their levels; natural order.</summary>
    public void Quantise(ReadOnlySpan<int> coefficients, Span<short> levels)
    {
        ReadOnlySpan<ushort> reciprocals = Reciprocals.AsSpan(0, 64), corrections = Corrections.AsSpan(0, 64);
        ReadOnlySpan<byte> shifts = Shifts.AsSpan(0, 64);
        coefficients = coefficients[..64];
        levels = levels[..64];
        for (int i = 0; i < 64; i++)
        {
            int sign = coefficients[i] >> 31;
            uint magnitude = (uint)((coefficients[i] ^ sign) - sign);
            int level = (int)(((magnitude + corrections[i]) * reciprocals[i]) >> shifts[i]);
            levels[i] = (short)((level ^ sign) - sign);
        }
    }

    // floor(n / d) = floor(n · m / 2^r) for every n below 2^16 where m is 2^r / d rounded up by less than half its last place; else
    // it is rounded down and n is made one larger. Both m and the sum n have 16 bits.
    private void Prepare(int index, int step)
    {
        const int LargestStep = 8191;
        Shifts[index] = 31;
        Scales[index] = 2;
        if (step > LargestStep)
            return;
        uint divisor = (uint)step * 8, correction = divisor / 2;
        int shift = 16 + BitOperations.Log2(divisor);
        (ulong reciprocal, ulong rest) = Math.DivRem(1UL << shift, divisor);
        if (rest == 0)
        {
            reciprocal >>= 1;
            shift--;
        }
        else if (rest <= correction)
        {
            correction++;
        }
        else
        {
            reciprocal++;
        }

        Reciprocals[index] = (ushort)reciprocal;
        Corrections[index] = (ushort)correction;
        Scales[index] = (ushort)(1 << (32 - shift));
        Shifts[index] = (byte)shift;
    }
}

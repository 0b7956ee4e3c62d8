namespace Unpress.Imaging.Jpeg;

/// <summary>The example quantisation tables of ITU-T T.81 Annex K and the IJG rule that scales them by a quality factor.</summary>
public static class StandardTables
{
    /// <summary>Zigzag position → natural (row-major) position.</summary>
    internal static ReadOnlySpan<byte> NaturalOrder =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>Table K.1, natural order.</summary>
    private static ReadOnlySpan<byte> BaseLuma =>
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    /// <summary>Table K.2, natural order.</summary>
    private static ReadOnlySpan<byte> BaseChroma =>
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>The luma table at a quality factor of 1–100: 64 steps of 1–255, natural order.</summary>
    public static ushort[] Luma(int quality) => Scale(BaseLuma, quality);

    /// <summary>The chroma table at a quality factor of 1–100: 64 steps of 1–255, natural order.</summary>
    public static ushort[] Chroma(int quality) => Scale(BaseChroma, quality);

    private static ushort[] Scale(ReadOnlySpan<byte> table, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        int percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        var scaled = new ushort[64];
        for (int i = 0; i < 64; i++)
            scaled[i] = (ushort)Math.Clamp(((table[i] * percent) + 50) / 100, 1, 255);
        return scaled;
    }
}

/// <summary>The quality factor whose standard tables are those of a file, or come nearest.</summary>
/// <param name="Quality">1–100, higher is better.</param>
/// <param name="IsExact">True when all 64 steps of every table in use are equal; false when this is only the nearest.</param>
public sealed record QualityEstimate(int Quality, bool IsExact)
{
    private static readonly ushort[][] LumaTables = [.. Enumerable.Range(1, 100).Select(StandardTables.Luma)];
    private static readonly ushort[][] ChromaTables = [.. Enumerable.Range(1, 100).Select(StandardTables.Chroma)];

    /// <param name="luma">64 steps, natural order.</param>
    /// <param name="chroma">64 steps, natural order; null for gray.</param>
    public static QualityEstimate From(ReadOnlySpan<ushort> luma, ReadOnlySpan<ushort> chroma)
    {
        int best = 0;
        double least = double.MaxValue;
        for (int index = 0; index < 100; index++)
        {
            double distance = Distance(luma, LumaTables[index]) + (chroma.IsEmpty ? 0 : Distance(chroma, ChromaTables[index]));
            if (distance < least)
                (best, least) = (index, distance);
        }
        return new QualityEstimate(best + 1, least == 0);
    }

    /// <summary>Mean absolute difference of the logarithms: a step of 2 instead of 1 matters as much as 100 instead of 50.</summary>
    private static double Distance(ReadOnlySpan<ushort> table, ReadOnlySpan<ushort> standard)
    {
        double sum = 0;
        for (int i = 0; i < 64; i++)
            sum += Math.Abs(Math.Log(Math.Max((ushort)1, table[i]) / (double)standard[i]));
        return sum / 64;
    }
}

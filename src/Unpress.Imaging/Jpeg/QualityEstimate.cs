namespace Unpress.Imaging.Jpeg;

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

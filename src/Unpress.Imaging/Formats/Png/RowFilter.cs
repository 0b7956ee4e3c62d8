using System.Numerics;

namespace Unpress.Imaging.Formats.Png;

/// <summary>PNG's five row filters (PNG specification, 9.2) and the usual choice among them: the least sum of absolute residuals.</summary>
internal sealed class RowFilter(int rowBytes, int pixelBytes)
{
    private readonly byte[][] _candidates = [.. Enumerable.Range(0, 5).Select(_ => new byte[rowBytes])];

    /// <summary>Writes the filter's number and the filtered row, together rowBytes + 1 bytes.</summary>
    /// <param name="above">The row before, all zero for the first.</param>
    public void Apply(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> output)
    {
        Fill(row, above);
        int best = 0;
        long least = long.MaxValue;
        for (int filter = 0; filter < 5; filter++)
        {
            long sum = Sum(_candidates[filter]);
            if (sum < least)
                (best, least) = (filter, sum);
        }
        output[0] = (byte)best;
        _candidates[best].CopyTo(output[1..]);
    }

    private void Fill(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above)
    {
        byte[] none = _candidates[0], sub = _candidates[1], up = _candidates[2], average = _candidates[3], paeth = _candidates[4];
        row.CopyTo(none);
        int i = 0;
        for (; i < Math.Min(pixelBytes, row.Length); i++)
            One(i, 0, 0, row, above);
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<byte> value = new(row[i..]), b = new(above[i..]), a = new(row[(i - pixelBytes)..]), c = new(above[(i - pixelBytes)..]);
            (value - a).CopyTo(sub, i);
            (value - b).CopyTo(up, i);
            // Half the sum, rounded down, without a ninth bit.
            (value - ((a & b) + Vector.ShiftRightLogical(a ^ b, 1))).CopyTo(average, i);
            (value - Paeth(a, b, c)).CopyTo(paeth, i);
        }
        for (; i < row.Length; i++)
            One(i, row[i - pixelBytes], above[i - pixelBytes], row, above);
    }

    private void One(int i, byte a, byte c, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above)
    {
        byte value = row[i], b = above[i];
        _candidates[1][i] = (byte)(value - a);
        _candidates[2][i] = (byte)(value - b);
        _candidates[3][i] = (byte)(value - ((a + b) >> 1));
        _candidates[4][i] = (byte)(value - Paeth(a, b, c));
    }

    private static int Paeth(int a, int b, int c)
    {
        int toA = Math.Abs(b - c), toB = Math.Abs(a - c), toC = Math.Abs(a + b - c - c);
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }

    private static Vector<byte> Paeth(Vector<byte> a, Vector<byte> b, Vector<byte> c)
    {
        Vector.Widen(a, out var lowA, out var highA);
        Vector.Widen(b, out var lowB, out var highB);
        Vector.Widen(c, out var lowC, out var highC);
        return Vector.Narrow(
            Paeth(lowA.As<ushort, short>(), lowB.As<ushort, short>(), lowC.As<ushort, short>()).As<short, ushort>(),
            Paeth(highA.As<ushort, short>(), highB.As<ushort, short>(), highC.As<ushort, short>()).As<short, ushort>());
    }

    private static Vector<short> Paeth(Vector<short> a, Vector<short> b, Vector<short> c)
    {
        Vector<short> toA = Vector.Abs(b - c), toB = Vector.Abs(a - c), toC = Vector.Abs(a + b - c - c);
        var isA = Vector.LessThanOrEqual(toA, toB) & Vector.LessThanOrEqual(toA, toC);
        return Vector.ConditionalSelect(isA, a, Vector.ConditionalSelect(Vector.LessThanOrEqual(toB, toC), b, c));
    }

    /// <summary>Of the residuals taken as signed bytes, without their signs.</summary>
    private static long Sum(byte[] residuals)
    {
        long sum = 0;
        int i = 0;
        while (i <= residuals.Length - Vector<byte>.Count)
        {
            // Sixteen bits hold 256 times two bytes of at most 128.
            var part = Vector<ushort>.Zero;
            for (int n = 0; n < 200 && i <= residuals.Length - Vector<byte>.Count; n++, i += Vector<byte>.Count)
            {
                var value = new Vector<byte>(residuals, i);
                Vector.Widen(Vector.Min(value, Vector<byte>.Zero - value), out var low, out var high);
                part += low + high;
            }
            Vector.Widen(part, out var lower, out var upper);
            sum += Vector.Sum(lower + upper);
        }
        for (; i < residuals.Length; i++)
            sum += residuals[i] < 128 ? residuals[i] : 256 - residuals[i];
        return sum;
    }
}

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
            long sum = 0;
            foreach (byte value in _candidates[filter])
                sum += value < 128 ? value : 256 - value;
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
        for (int i = 0; i < row.Length; i++)
        {
            byte value = row[i], b = above[i];
            byte a = i < pixelBytes ? (byte)0 : row[i - pixelBytes], c = i < pixelBytes ? (byte)0 : above[i - pixelBytes];
            sub[i] = (byte)(value - a);
            up[i] = (byte)(value - b);
            average[i] = (byte)(value - ((a + b) >> 1));
            paeth[i] = (byte)(value - Paeth(a, b, c));
        }
    }

    private static int Paeth(int a, int b, int c)
    {
        int toA = Math.Abs(b - c), toB = Math.Abs(a - c), toC = Math.Abs(a + b - c - c);
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }
}

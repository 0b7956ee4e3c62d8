namespace Unpress.Imaging;

/// <summary>How much of a damaged file has become pixels.</summary>
internal static class Salvage
{
    /// <summary>
    /// Rows from the one that was stored first to the last one that is not filling: decoders leave what they do not have black or gray, every row the
    /// same. 0 for a picture of one colour, which is what a file becomes of which nothing decodes.
    /// </summary>
    public static int RowsOf(ImageBuffer image)
    {
        // A quarter turn makes columns of the stored rows; then whether there is anything at all must do.
        int row = image.Data.Length / image.Height, sample = row / image.Width;
        ReadOnlySpan<byte> data = image.Data, last = data[^row..];
        bool filled = last[sample..].SequenceEqual(last[..^sample]);
        int rows = image.Height;
        while (filled && rows > 0 && data.Slice((rows - 1) * row, row).SequenceEqual(last))
            rows--;
        return rows;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace Unpress.Imaging.Formats.Png;

/// <summary>
/// Some rows of a picture, filtered and compressed on their own, so that strips run in parallel. A deflate stream may be cut after
/// a sync flush: strips after each other make one stream, at the cost of a dictionary that starts anew in each.
/// </summary>
internal sealed record PngStrip(byte[] Deflated, uint Checksum, long RawLength)
{
    /// <summary>zlib's usual trade of time for size.</summary>
    private const int Level = 6;

    public static PngStrip Make(ImageBuffer image, int top, int rows)
    {
        int bytes = image.BitsPerSample / 8, rowBytes = image.Width * image.Bands * bytes;
        var filter = new RowFilter(rowBytes, image.Bands * bytes);
        var raw = new byte[(rowBytes + 1L) * rows];
        byte[] above = new byte[rowBytes], row = new byte[rowBytes];
        if (top > 0)
            CopyRow(image, top - 1, above);
        for (int y = 0; y < rows; y++)
        {
            CopyRow(image, top + y, row);
            filter.Apply(row, above, raw.AsSpan(y * (rowBytes + 1), rowBytes + 1));
            (row, above) = (above, row);
        }
        return new PngStrip(Deflate(raw), Adler32.Of(raw), raw.Length);
    }

    private static byte[] Deflate(byte[] raw)
    {
        using var compressed = new MemoryStream(raw.Length / 2);
        using var deflate = new DeflateStream(compressed, new ZLibCompressionOptions { CompressionLevel = Level }, leaveOpen: true);
        deflate.Write(raw);
        deflate.Flush();
        // What disposing appends, the end of the stream, comes once, from the writer.
        return compressed.ToArray();
    }

    /// <summary>PNG's samples are big-endian.</summary>
    private static void CopyRow(ImageBuffer image, int y, byte[] row)
    {
        ReadOnlySpan<byte> source = image.Data.AsSpan((int)((long)y * row.Length), row.Length);
        if (image.BitsPerSample == 8)
        {
            source.CopyTo(row);
            return;
        }
        for (int i = 0; i < row.Length; i += 2)
            BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(i), BitConverter.ToUInt16(source[i..]));
    }
}

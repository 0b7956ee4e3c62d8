using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Unpress.Imaging.Formats.Png;

/// <summary>
/// PNG with every metadata block byte for byte, which libvips, that takes EXIF apart and builds it anew, cannot promise; and
/// compressed on all processors.
/// </summary>
internal static class PngWriter
{
    /// <summary>Filtered bytes a strip: large enough for deflate's window not to matter, small enough to share out.</summary>
    private const int StripBytes = 1 << 20;

    public static void Write(ImageBuffer image, ImageMetadata metadata, Stream output)
    {
        output.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);
        Chunk(output, "IHDR"u8, Header(image));
        if (metadata.Icc is { } icc)
            Chunk(output, "iCCP"u8, [.. "ICC\0\0"u8, .. Compress(icc)]);
        foreach (PngChunk chunk in Chunks(metadata))
            Chunk(output, Encoding.Latin1.GetBytes(chunk.Type), chunk.Data);
        if (metadata.PixelsPerMillimetreX > 0 && metadata.PixelsPerMillimetreY > 0)
            Chunk(output, "pHYs"u8, Density(metadata));
        if (metadata.Exif is { } exif)
            Chunk(output, "eXIf"u8, exif);
        if (metadata.Xmp is { } xmp)
            Chunk(output, "iTXt"u8, [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. xmp]);
        Pixels(image, output);
        Chunk(output, "IEND"u8, []);
    }

    private static IEnumerable<PngChunk> Chunks(ImageMetadata metadata)
    {
        bool coded = metadata.PngChunks.Any(chunk => chunk.Type == "cICP");
        // The last two: the colours as they are, not by a matrix; full range.
        if (!coded && metadata is { Icc: null, Colour: { IsUsual: false } code })
            yield return new PngChunk("cICP", [(byte)code.Primaries, (byte)code.Transfer, 0, 1]);
        // Readers take no file that has a profile and calls itself sRGB.
        foreach (PngChunk chunk in metadata.PngChunks.Where(chunk => chunk.Type != "sRGB" || metadata.Icc is null))
            yield return chunk;
        if (metadata.Iptc is { } iptc && !metadata.PngChunks.Any(IptcBlock.IsText))
            yield return IptcBlock.ToText(iptc);
        foreach (byte[] comment in metadata.Comments)
            yield return new PngChunk("tEXt", [.. "Comment\0"u8, .. Text(comment)]);
    }

    /// <summary>Texts of PNG hold no zeros, with which some writers end a JPEG's comment.</summary>
    private static IEnumerable<byte> Text(byte[] comment) => comment.Where(letter => letter != 0);

    private static void Pixels(ImageBuffer image, Stream output)
    {
        int rowBytes = (image.Width * image.Bands * image.BitsPerSample / 8) + 1;
        int rows = Math.Max(1, StripBytes / rowBytes);
        int count = (image.Height + rows - 1) / rows;
        // The zlib header; 0x78 0x9C: 32 KB window, default level.
        Chunk(output, "IDAT"u8, [0x78, 0x9C]);
        uint checksum = 1;
        // A few strips a processor at a time bound the memory, whatever the picture's size.
        int batch = Environment.ProcessorCount * 2;
        for (int first = 0; first < count; first += batch)
        {
            var strips = new PngStrip[Math.Min(batch, count - first)];
            int start = first;
            Parallel.For(0, strips.Length, i =>
            {
                int top = (start + i) * rows;
                strips[i] = PngStrip.Make(image, top, Math.Min(rows, image.Height - top));
            });
            foreach (PngStrip strip in strips)
            {
                checksum = Adler32.Combine(checksum, strip.Checksum, strip.RawLength);
                Chunk(output, "IDAT"u8, strip.Deflated);
            }
        }
        // An empty last block, then the checksum of all strips.
        var end = new byte[6];
        end[0] = 3;
        BinaryPrimitives.WriteUInt32BigEndian(end.AsSpan(2), checksum);
        Chunk(output, "IDAT"u8, end);
    }

    private static byte[] Header(ImageBuffer image)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = (byte)image.BitsPerSample;
        header[9] = (byte)((image.Model == ColourModel.Gray ? 0 : 2) + (image.HasAlpha ? 4 : 0));
        return header;
    }

    /// <summary>Pixels a metre.</summary>
    private static byte[] Density(ImageMetadata metadata)
    {
        var density = new byte[9];
        BinaryPrimitives.WriteUInt32BigEndian(density, (uint)Math.Round(metadata.PixelsPerMillimetreX * 1000));
        BinaryPrimitives.WriteUInt32BigEndian(density.AsSpan(4), (uint)Math.Round(metadata.PixelsPerMillimetreY * 1000));
        density[8] = 1;
        return density;
    }

    private static byte[] Compress(byte[] data)
    {
        using var memory = new MemoryStream();
        using (var zlib = new ZLibStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(data);
        }
        return memory.ToArray();
    }

    private static void Chunk(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(type, data));
        output.Write(number);
    }
}

/// <summary>The CRC of PNG chunks (ISO 3309), a byte at a time from a table.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate(
        (uint)i, (value, _) => (value >> 1) ^ ((value & 1) * 0xEDB88320u)))];

    public static uint Of(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data) => ~Add(Add(uint.MaxValue, type), data);

    private static uint Add(uint value, ReadOnlySpan<byte> data)
    {
        foreach (byte part in data)
            value = (value >> 8) ^ Table[(byte)(value ^ part)];
        return value;
    }
}

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

/// <summary>The checksum of a zlib stream (RFC 1950), which can be put together from those of its pieces.</summary>
internal static class Adler32
{
    private const uint Modulus = 65521;

    /// <summary>Bytes after which the sums may overflow 32 bits.</summary>
    private const int Safe = 5552;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        uint low = 1, high = 0;
        while (!data.IsEmpty)
        {
            ReadOnlySpan<byte> part = data[..Math.Min(Safe, data.Length)];
            foreach (byte value in part)
            {
                low += value;
                high += low;
            }
            (low, high) = (low % Modulus, high % Modulus);
            data = data[part.Length..];
        }
        return (high << 16) | low;
    }

    /// <summary>The checksum of two pieces after each other, the second <paramref name="length"/> bytes long.</summary>
    public static uint Combine(uint first, uint second, long length)
    {
        ulong low = first & 0xFFFF, high = first >> 16;
        ulong sumLow = (low + (second & 0xFFFF) + Modulus - 1) % Modulus;
        ulong sumHigh = (high + (second >> 16) + ((ulong)(length % Modulus) * (low + Modulus - 1))) % Modulus;
        return (uint)((sumHigh << 16) | sumLow);
    }
}

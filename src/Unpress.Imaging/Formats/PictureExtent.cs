using System.Buffers.Binary;
using System.Text;

namespace Unpress.Imaging.Formats;

/// <summary>How far a picture file can reach by what its first bytes say: what was appended behind it need not be read.</summary>
internal static class PictureExtent
{
    /// <summary>For profiles, notes, thumbnails and what cameras append.</summary>
    private const long Besides = 64 << 20;

    /// <summary>More than any encoder makes of a pixel.</summary>
    private const long MostBytesAPixel = 16;

    private const int FirstLook = 1 << 16, LastLook = 16 << 20;

    /// <summary>Reads to the end of the stream, or to where the picture must have ended.</summary>
    /// <param name="detect">The format by the first bytes; throws where they are no picture's.</param>
    /// <exception cref="InvalidFileException">Not a picture, over the limits, or without an end.</exception>
    public static byte[] Read(Stream stream, Func<byte[], ImageFormat> detect, string name, ImageLimits limits)
    {
        var head = new byte[ImageFormats.SignatureLength];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        ImageFormat format = detect(head);
        using var memory = new MemoryStream(stream.CanSeek ? (int)Math.Clamp(stream.Length, head.Length, FileBytes.MaxBytes) : 1 << 16);
        memory.Write(head);
        long? end = null;
        long look = FirstLook;
        var buffer = new byte[81920];
        for (int count; memory.Length < (end ?? long.MaxValue) && (count = stream.Read(buffer)) > 0;)
        {
            if (end is null && memory.Length + count > FileBytes.MaxBytes)
                throw new InvalidFileException(name, "larger than 2 GB");
            memory.Write(buffer, 0, count);
            if (end is not null || memory.Length < look || look > LastLook)
                continue;
            look *= 16;
            end = End(memory.GetBuffer().AsSpan(0, (int)memory.Length), format, name, limits);
        }
        return memory.Length == memory.Capacity ? memory.GetBuffer() : memory.ToArray();
    }

    /// <summary>A length that is enough; null where the header has not said the size yet, or cannot.</summary>
    private static long? End(ReadOnlySpan<byte> head, ImageFormat format, string name, ImageLimits limits)
    {
        switch (format)
        {
            case ImageFormat.Jpeg:
                return JpegSize(head) is ({ } width, { } height) ? Checked(width, height) : null;
            case ImageFormat.Png:
                return Checked(BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]));
            case ImageFormat.Bmp:
                return Checked(BinaryPrimitives.ReadInt32LittleEndian(head[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..])));
            case ImageFormat.Webp:
                return BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L;
            case ImageFormat.Ppm when head[1] > (byte)'3' && PnmSize(head) is ({ } columns, { } rows):
                return Checked(columns, rows);
            default:
                return null;
        }

        long Checked(long width, long height)
        {
            limits.Check(name, width, height);
            return Besides + (width * height * MostBytesAPixel);
        }
    }

    /// <summary>From the first frame header; null where it is not reached, or leaves the height to a later marker.</summary>
    private static (int Width, int Height)? JpegSize(ReadOnlySpan<byte> head)
    {
        int at = 2;
        while (at + 9 < head.Length && head[at] == 0xFF)
        {
            byte marker = head[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                int height = BinaryPrimitives.ReadUInt16BigEndian(head[(at + 5)..]), width = BinaryPrimitives.ReadUInt16BigEndian(head[(at + 7)..]);
                return height == 0 ? null : (width, height);
            }
            if (marker is 0xDA or 0xD9)
                return null;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..]);
        }
        return null;
    }

    /// <summary>The first two numbers; null where comments stand between.</summary>
    private static (long Width, long Height)? PnmSize(ReadOnlySpan<byte> head)
    {
        string[] words = Encoding.Latin1.GetString(head[..Math.Min(head.Length, 100)]).Split(
            (char[])[' ', '\t', '\r', '\n'], 4, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 4 && uint.TryParse(words[1], out uint width) && uint.TryParse(words[2], out uint height) ? (width, height) : null;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Unpress.Imaging.Formats.Png;

namespace Unpress.Imaging.Formats;

/// <summary>
/// IPTC records (captions, keywords, credits) in the places where formats keep them. JPEG: an APP13 segment with the image resources of
/// Photoshop, of which number 0x0404 holds the records; that segment is what <see cref="ImageMetadata.Iptc"/> has. TIFF: the bare records in
/// tag 33723. PNG: the image resources as hexadecimal digits in a text, as ImageMagick and ExifTool write them.
/// </summary>
internal static class IptcBlock
{
    private const string Keyword = "Raw profile type iptc";
    private const ushort RecordsId = 0x0404;

    /// <summary>Of a PNG's text, unpacked: far more than captions need, far less than a bomb makes.</summary>
    private const int MostText = 4 << 20;

    /// <summary>What begins the APP13 segment.</summary>
    public static ReadOnlySpan<byte> Prefix => "Photoshop 3.0\0"u8;

    /// <summary>The bare records of an APP13 segment; null when it has none.</summary>
    public static byte[]? Records(ReadOnlySpan<byte> segment)
    {
        ReadOnlySpan<byte> rest = segment.StartsWith(Prefix) ? segment[Prefix.Length..] : segment;
        while (rest.Length >= 12 && rest.StartsWith("8BIM"u8))
        {
            ushort id = BinaryPrimitives.ReadUInt16BigEndian(rest[4..]);
            int name = 1 + rest[6];
            int start = 6 + name + (name & 1);
            if (rest.Length < start + 4)
                return null;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest[start..]);
            rest = rest[(start + 4)..];
            if (length > rest.Length)
                return null;
            if (id == RecordsId)
                return rest[..(int)length].ToArray();
            rest = rest[(int)Math.Min(rest.Length, length + (length & 1))..];
        }
        return null;
    }

    /// <summary>The image resources of an APP13 segment where there are others than the records; null where there are none.</summary>
    public static byte[]? Resources(byte[] segment)
        => Records(segment) is { } records && segment.AsSpan().SequenceEqual(Segment(records)) ? null : segment[Prefix.Length..];

    /// <summary>An APP13 segment of what a TIFF holds: image resources, records, or both.</summary>
    public static byte[]? OfTiff(byte[]? resources, byte[]? records) => (resources, records) switch
    {
        (null, null) => null,
        (null, { } bare) => Segment(bare),
        ({ } whole, { } bare) when Records(whole) is null => [.. Prefix, .. whole, .. Segment(bare)[Prefix.Length..]],
        ({ } whole, _) => [.. Prefix, .. whole],
    };

    /// <summary>An APP13 segment around bare records.</summary>
    public static byte[] Segment(ReadOnlySpan<byte> records)
    {
        Span<byte> head = stackalloc byte[12];
        "8BIM"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt16BigEndian(head[4..], RecordsId);
        head[6..8].Clear(); // no name
        BinaryPrimitives.WriteInt32BigEndian(head[8..], records.Length);
        return [.. Prefix, .. head, .. records, .. new byte[records.Length & 1]];
    }

    public static bool IsText(PngChunk chunk) => chunk.Keyword == Keyword;

    /// <summary>A PNG's text with an APP13 segment's resources.</summary>
    public static PngChunk ToText(ReadOnlySpan<byte> segment)
    {
        ReadOnlySpan<byte> resources = segment.StartsWith(Prefix) ? segment[Prefix.Length..] : segment;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"\niptc\n{resources.Length,8}");
        const int perLine = 36;
        for (int at = 0; at < resources.Length; at += perLine)
            text.Append('\n').Append(Convert.ToHexStringLower(resources.Slice(at, Math.Min(perLine, resources.Length - at))));
        text.Append('\n');
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(Encoding.ASCII.GetBytes(text.ToString()));
        return new PngChunk("zTXt", [.. Encoding.ASCII.GetBytes(Keyword), 0, 0, .. packed.ToArray()]);
    }

    /// <summary>The APP13 segment in such a text; null when there is none or it makes no sense.</summary>
    public static byte[]? FromTexts(IEnumerable<PngChunk> chunks)
        => chunks.FirstOrDefault(IsText) is { } chunk && Unpack(chunk) is { } text ? FromText(text) : null;

    private static byte[]? FromText(string text)
    {
        // An empty line, the profile's name, its length in bytes, the digits.
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 3 || !int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            return null;
        string digits = string.Concat(lines.Skip(2));
        if (digits.Length != 2L * length || !digits.All(char.IsAsciiHexDigit))
            return null;
        byte[] resources = Convert.FromHexString(digits);
        return Records(resources) is null ? null : [.. Prefix, .. resources];
    }

    private static string? Unpack(PngChunk chunk)
    {
        ReadOnlySpan<byte> body = chunk.Data.AsSpan(Keyword.Length + 1);
        if (chunk.Type == "tEXt")
            return Encoding.Latin1.GetString(body);
        if (chunk.Type != "zTXt" || body.Length < 1 || body[0] != 0)
            return null;
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(body[1..].ToArray()), CompressionMode.Decompress);
            var unpacked = new byte[MostText];
            int read = zlib.ReadAtLeast(unpacked, MostText, throwOnEndOfStream: false);
            return read == MostText ? null : Encoding.Latin1.GetString(unpacked, 0, read);
        }
        catch (Exception error) when (error is InvalidDataException or IOException) // the second, of ZLibException
        {
            return null;
        }
    }
}

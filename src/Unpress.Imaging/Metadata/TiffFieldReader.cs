using System.Buffers.Binary;

namespace Unpress.Imaging.Metadata;

/// <summary>Reads the first directory of a TIFF file or EXIF block with the EXIF directories below it. What is damaged is left out.</summary>
internal sealed class TiffFieldReader
{
    public const ushort Exif = 0x8769;
    public const ushort Gps = 0x8825;
    private const ushort Interoperability = 0xA005;
    private const int EntrySize = 12;
    private const int MaxDepth = 2;

    private readonly Stream _source;
    private readonly bool _bigEndian;

    /// <summary>A hostile file may name one large value ten thousand times: what may still be read, in bytes.</summary>
    private long _left = 4 << 20;

    private TiffFieldReader(Stream source, bool bigEndian)
    {
        _source = source;
        _bigEndian = bigEndian;
    }

    /// <summary>The fields of the first directory; none when this is no TIFF, or one of those beyond 4 GiB.</summary>
    /// <param name="wanted">Tags of the first directory to read; of those below it all are.</param>
    public static IReadOnlyList<TiffField> Read(Stream source, Func<ushort, bool> wanted)
    {
        var reader = new TiffFieldReader(source, bigEndian: false);
        if (reader.At(0, 8) is not { } head)
            return [];
        bool bigEndian = head.AsSpan().StartsWith("MM\0*"u8);
        if (!bigEndian && !head.AsSpan().StartsWith("II*\0"u8))
            return [];
        reader = new TiffFieldReader(source, bigEndian);
        return reader.Directory(reader.U32(head.AsSpan(4)), wanted, depth: 0);
    }

    private List<TiffField> Directory(uint offset, Func<ushort, bool> wanted, int depth)
    {
        List<TiffField> fields = [];
        HashSet<ushort> seen = [];
        if (At(offset, 2) is not { } count || At(offset + 2L, U16(count) * EntrySize) is not { } entries)
            return fields;
        for (int at = 0; at < entries.Length; at += EntrySize)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(at, EntrySize);
            if (wanted(U16(entry)) && seen.Add(U16(entry)) && Field(entry, depth) is { } field)
                fields.Add(field);
        }
        return fields;
    }

    private TiffField? Field(ReadOnlySpan<byte> entry, int depth)
    {
        ushort tag = U16(entry), type = U16(entry[2..]);
        uint count = U32(entry[4..]), offset = U32(entry[8..]);
        if (tag is Exif or Gps or Interoperability)
        {
            List<TiffField> below = depth < MaxDepth ? Directory(offset, _ => true, depth + 1) : [];
            return below.Count == 0 ? null : new TiffField(tag, 4, 1, [], below);
        }
        // A rational is two numbers; 129 is the UTF-8 of EXIF 3.
        (int numbers, int size) = type switch
        {
            1 or 2 or 6 or 7 or 129 => (1, 1),
            3 or 8 => (1, 2),
            4 or 9 or 11 or 13 => (1, 4),
            5 or 10 => (2, 4),
            12 => (1, 8),
            _ => (0, 1),
        };
        long length = (long)numbers * size * count;
        byte[]? value = length <= 4 ? entry.Slice(8, (int)length).ToArray() : At(offset, length);
        if (value is null || length == 0)
            return null;
        for (int at = 0; _bigEndian && at < value.Length; at += size)
            value.AsSpan(at, size).Reverse();
        return new TiffField(tag, type, count, value);
    }

    private byte[]? At(long offset, long length)
    {
        if (length > _left || offset + length > _source.Length)
            return null;
        _left -= length;
        var bytes = new byte[length];
        _source.Position = offset;
        _source.ReadExactly(bytes);
        return bytes;
    }

    private ushort U16(ReadOnlySpan<byte> at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    private uint U32(ReadOnlySpan<byte> at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}

/// <summary>One field of a directory of a TIFF file, or of an EXIF block, which is built the same way.</summary>
/// <param name="Type">1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL and so on, as TIFF numbers them.</param>
/// <param name="Count">Values of that type.</param>
/// <param name="Value">All of them, lowest byte first; or four bytes as they stand in the directory.</param>
/// <param name="Directory">What the value points to, when that is a directory.</param>
internal sealed record TiffField(ushort Tag, ushort Type, uint Count, byte[] Value, IReadOnlyList<TiffField>? Directory = null);

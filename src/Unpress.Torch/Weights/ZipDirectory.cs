using System.Buffers.Binary;
using System.Text;

namespace Unpress.Torch.Weights;

/// <summary>
/// Where the entries of a zip archive lie in its file. Own code, because System.IO.Compression tells no offsets and the tensors are
/// to be read in place; torch.save stores its entries uncompressed.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndLength = 22, End64LocatorLength = 20, End64Length = 56, CentralLength = 46, LocalLength = 30;
    private const uint EndMark = 0x06054b50, End64LocatorMark = 0x07064b50, End64Mark = 0x06064b50;
    private const uint CentralMark = 0x02014b50, LocalMark = 0x04034b50;
    private const int LongestComment = ushort.MaxValue;

    private readonly MappedFile _file;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public ZipDirectory(MappedFile file)
    {
        _file = file;
        (long position, long length) = FindCentralDirectory();
        ReadOnlySpan<byte> central = file.Slice(position, length);
        while (central.Length > 0) central = central[ReadEntry(central)..];
    }

    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Place of an entry's bytes in the file, or null where there is no such entry.</summary>
    /// <exception cref="WeightsFormatException">The entry is compressed, encrypted or damaged.</exception>
    public (long Offset, long Length)? Find(string name)
    {
        if (!_entries.TryGetValue(name, out Entry? entry)) return null;
        if (entry.Method != 0 || entry.Encrypted || entry.StoredLength != entry.Length)
            throw _file.Fault($"its entry '{name}' is compressed or encrypted; torch.save never does that");
        ReadOnlySpan<byte> local = _file.Slice(entry.LocalHeader, LocalLength);
        if (U32(local, 0) != LocalMark) throw _file.Fault($"is a damaged zip archive: no entry where '{name}' should be");
        long offset = entry.LocalHeader + LocalLength + U16(local, 26) + U16(local, 28);
        _file.Require(offset, entry.Length);
        return (offset, entry.Length);
    }

    private (long Position, long Length) FindCentralDirectory()
    {
        long tailStart = Math.Max(0, _file.Length - EndLength - LongestComment);
        ReadOnlySpan<byte> tail = _file.Slice(tailStart, _file.Length - tailStart);
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            if (U32(tail, at) != EndMark || at + EndLength + U16(tail, at + 20) != tail.Length) continue;
            uint length = U32(tail, at + 12), position = U32(tail, at + 16);
            return position == uint.MaxValue || length == uint.MaxValue || U16(tail, at + 10) == ushort.MaxValue
                ? FindCentralDirectory64(tailStart + at)
                : (position, length);
        }
        throw _file.Fault("is a truncated or damaged zip archive: it has no directory at its end");
    }

    private (long Position, long Length) FindCentralDirectory64(long end)
    {
        ReadOnlySpan<byte> locator = _file.Slice(end - End64LocatorLength, End64LocatorLength);
        if (U32(locator, 0) != End64LocatorMark) throw _file.Fault("is a damaged zip archive: its 64-bit directory is missing");
        ReadOnlySpan<byte> end64 = _file.Slice(I64(locator, 8), End64Length);
        if (U32(end64, 0) != End64Mark) throw _file.Fault("is a damaged zip archive: its 64-bit directory is missing");
        return (I64(end64, 48), I64(end64, 40));
    }

    private int ReadEntry(ReadOnlySpan<byte> central)
    {
        if (central.Length < CentralLength || U32(central, 0) != CentralMark) throw DamagedDirectory();
        int nameLength = U16(central, 28), extraLength = U16(central, 30), commentLength = U16(central, 32);
        int total = CentralLength + nameLength + extraLength + commentLength;
        if (central.Length < total) throw DamagedDirectory();

        string name = Encoding.UTF8.GetString(central.Slice(CentralLength, nameLength));
        long stored = U32(central, 20), length = U32(central, 24), local = U32(central, 42);
        Widen(central.Slice(CentralLength + nameLength, extraLength), ref length, ref stored, ref local);
        var entry = new Entry(U16(central, 10), (U16(central, 8) & 1) != 0, stored, length, local);
        if (!_entries.TryAdd(name, entry)) throw _file.Fault($"holds two entries '{name}'");
        return total;
    }

    // Field 1 of the extra data gives, in this order, those of the three numbers that did not fit into 32 bits.
    private void Widen(ReadOnlySpan<byte> extra, ref long length, ref long stored, ref long local)
    {
        while (extra.Length >= 4)
        {
            int size = U16(extra, 2);
            if (extra.Length - 4 < size) throw DamagedDirectory();
            if (U16(extra, 0) == 1)
            {
                ReadOnlySpan<byte> wide = extra.Slice(4, size);
                if (length == uint.MaxValue) length = Take(ref wide);
                if (stored == uint.MaxValue) stored = Take(ref wide);
                if (local == uint.MaxValue) local = Take(ref wide);
            }
            extra = extra[(4 + size)..];
        }
    }

    private long Take(ref ReadOnlySpan<byte> wide)
    {
        if (wide.Length < 8) throw DamagedDirectory();
        long value = I64(wide, 0);
        wide = wide[8..];
        return value;
    }

    private WeightsFormatException DamagedDirectory() => _file.Fault("is a damaged zip archive: its directory cannot be read");

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private sealed record Entry(int Method, bool Encrypted, long StoredLength, long Length, long LocalHeader);
}

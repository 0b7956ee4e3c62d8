using System.Buffers.Binary;

namespace Unpress.Imaging.Metadata;

/// <summary>
/// Changes single tags of an EXIF block (a TIFF structure) in place, so that everything else, maker notes with their absolute
/// offsets included, stays byte for byte. A damaged block is left as it is.
/// </summary>
public sealed class ExifEditor
{
    private const ushort ImageWidth = 0x100;
    private const ushort ImageHeight = 0x101;
    private const ushort OrientationTag = 0x112;
    private const ushort XResolution = 0x11A;
    private const ushort YResolution = 0x11B;
    private const ushort ResolutionUnit = 0x128;
    private const ushort ExifDirectory = 0x8769;
    private const ushort GpsDirectory = 0x8825;
    private const ushort PixelXDimension = 0xA002;
    private const ushort PixelYDimension = 0xA003;
    private const ushort ThumbnailOffset = 0x201;
    private const ushort ThumbnailLength = 0x202;
    private const int EntrySize = 12;

    private readonly bool _bigEndian;

    /// <param name="exif">The block, from "II" or "MM" on; copied.</param>
    public ExifEditor(ReadOnlySpan<byte> exif)
    {
        Bytes = exif.ToArray();
        _bigEndian = exif.StartsWith("MM"u8);
    }

    /// <summary>The block with the changes made so far.</summary>
    public byte[] Bytes { get; private set; }

    /// <summary>1–8 as EXIF numbers them; 1, upright, when the tag is missing or senseless.</summary>
    public int Orientation
    {
        get
        {
            int entry = Find(First, OrientationTag);
            int value = entry < 0 ? 1 : Value(entry);
            return value is >= 1 and <= 8 ? value : 1;
        }

        set => Set(Find(First, OrientationTag), value);
    }

    /// <summary>Corrects the size tags that exist to width × height.</summary>
    public void SetSize(int width, int height)
    {
        Set(Find(First, ImageWidth), width);
        Set(Find(First, ImageHeight), height);
        int exif = Directory(ExifDirectory);
        Set(Find(exif, PixelXDimension), width);
        Set(Find(exif, PixelYDimension), height);
    }

    /// <summary>Unlinks the second directory and blanks the preview it describes, which would show the old picture.</summary>
    public void RemoveThumbnail()
    {
        int link = NextLink(First);
        if (link < 0 || Read32(link) == 0)
            return;
        int second = Position(Read32(link));
        int offset = Find(second, ThumbnailOffset), length = Find(second, ThumbnailLength);
        Write32(link, 0);
        if (offset < 0 || length < 0)
            return;
        int start = Value(offset), count = Value(length);
        if (start < 8 || count < 0 || start > Bytes.Length - count)
            return;
        if (start + count == Bytes.Length)
            Bytes = Bytes[..start];
        else
            Bytes.AsSpan(start, count).Clear();
    }

    /// <summary>Removes the link to the GPS directory and blanks the directory with all its values.</summary>
    public void RemoveGps()
    {
        int entry = Find(First, GpsDirectory);
        if (entry < 0)
            return;
        int gps = Position((uint)Value(entry));
        RemoveEntry(First, entry);
        for (int i = 0; i < Count(gps); i++)
            BlankValue(gps + 2 + (i * EntrySize));
        if (gps > 0)
            Bytes.AsSpan(gps, 2 + (Count(gps) * EntrySize)).Clear();
    }

    /// <summary>Pixels per millimetre as the first directory states them; null when it does not.</summary>
    public (double X, double Y)? Resolution
    {
        get
        {
            int unit = Find(First, ResolutionUnit);
            double perUnit = (unit < 0 ? 2 : Value(unit)) switch { 2 => 25.4, 3 => 10, _ => 0 };
            double x = Rational(Find(First, XResolution)), y = Rational(Find(First, YResolution));
            return perUnit > 0 && x > 0 && y > 0 ? (x / perUnit, y / perUnit) : null;
        }
    }

    /// <summary>Removes the resolution from the first directory; the block keeps its length.</summary>
    public void RemoveResolution()
    {
        foreach (ushort tag in (ReadOnlySpan<ushort>)[XResolution, YResolution, ResolutionUnit])
        {
            if (Find(First, tag) is >= 0 and var entry)
                RemoveEntry(First, entry);
        }
    }

    private double Rational(int entry)
    {
        if (entry < 0 || Read16(entry + 2) != 5 || Read32(entry + 8) is var at && (at < 8 || at + 8L > Bytes.Length))
            return 0;
        return Read32((int)at + 4) is > 0 and var divisor ? Read32((int)at) / (double)divisor : 0;
    }

    private int First => Bytes.Length >= 8 ? Position(Read32(4)) : -1;

    private int Directory(ushort tag)
    {
        int entry = Find(First, tag);
        return entry < 0 ? -1 : Position((uint)Value(entry));
    }

    /// <summary>An offset of the file as an index, or −1 when no directory fits there.</summary>
    private int Position(uint offset) => offset >= 8 && offset + 2 <= (uint)Bytes.Length ? (int)offset : -1;

    /// <summary>Entries of a directory; 0 when it does not fit into the block.</summary>
    private int Count(int directory)
    {
        int count = directory < 0 ? 0 : Read16(directory);
        return directory + 2 + (count * EntrySize) <= Bytes.Length ? count : 0;
    }

    private int NextLink(int directory)
    {
        int link = directory + 2 + (Count(directory) * EntrySize);
        return Count(directory) > 0 && link + 4 <= Bytes.Length ? link : -1;
    }

    private int Find(int directory, ushort tag)
    {
        for (int i = 0; i < Count(directory); i++)
        {
            int entry = directory + 2 + (i * EntrySize);
            if (Read16(entry) == tag)
                return entry;
        }
        return -1;
    }

    /// <summary>The single SHORT or LONG of an entry.</summary>
    private int Value(int entry) => Read16(entry + 2) == 3 ? Read16(entry + 8) : (int)Read32(entry + 8);

    private void Set(int entry, int value)
    {
        if (entry < 0 || Read32(entry + 4) != 1)
            return;
        // SHORT that is too small becomes LONG: both have room in the entry.
        bool isShort = Read16(entry + 2) == 3 && value <= ushort.MaxValue;
        Write16(entry + 2, (ushort)(isShort ? 3 : 4));
        Write32(entry + 8, 0);
        if (isShort)
            Write16(entry + 8, (ushort)value);
        else
            Write32(entry + 8, (uint)value);
    }

    private void BlankValue(int entry)
    {
        int size = Read16(entry + 2) switch { 3 or 8 => 2, 4 or 9 or 11 => 4, 5 or 10 or 12 => 8, _ => 1 };
        long length = size * (long)Read32(entry + 4);
        long start = Read32(entry + 8);
        if (length > 4 && start >= 8 && start + length <= Bytes.Length)
            Bytes.AsSpan((int)start, (int)length).Clear();
    }

    private void RemoveEntry(int directory, int entry)
    {
        int end = Math.Min(directory + 2 + (Count(directory) * EntrySize) + 4, Bytes.Length);
        Bytes.AsSpan(entry + EntrySize, end - entry - EntrySize).CopyTo(Bytes.AsSpan(entry));
        Bytes.AsSpan(end - EntrySize, EntrySize).Clear();
        Write16(directory, (ushort)(Count(directory) - 1));
    }

    private ushort Read16(int at) => _bigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(at));

    private uint Read32(int at) => _bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(at));

    private void Write16(int at, ushort value)
    {
        if (_bigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(Bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(at), value);
    }

    private void Write32(int at, uint value)
    {
        if (_bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(at), value);
    }
}

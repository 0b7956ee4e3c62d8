using System.Buffers.Binary;

namespace Unpress.Imaging.Metadata;

/// <summary>
/// EXIF of TIFF files, which libvips would rebuild. There is no block in them: camera, date and author are fields of the
/// picture's own directory, beside the links to the EXIF and GPS directories. Factory notes are kept as they are, but at another place:
/// offsets within them that count from the start of the file no longer fit.
/// </summary>
internal static class TiffExif
{
    private const int EntrySize = 12;
    private const ushort IptcTag = 0x83BB, ResourcesTag = 0x8649, Undefined = 7;

    /// <summary>Begins each IPTC record.</summary>
    private const byte RecordMark = 0x1C;

    /// <summary>The EXIF of a TIFF as the block that other formats hold; null when it has none.</summary>
    public static byte[]? Extract(Stream tiff)
    {
        IReadOnlyList<TiffField> fields = TiffFieldReader.Read(tiff, IsAboutThePhotograph);
        if (fields.Count == 0)
            return null;
        using var block = new MemoryStream();
        block.Write("II*\0\0\0\0\0"u8);
        Link(block, Append(block, fields));
        return block.ToArray();
    }

    /// <summary>The image resources of Photoshop; null when there are none.</summary>
    public static byte[]? ExtractResources(Stream tiff)
        => TiffFieldReader.Read(tiff, tag => tag == ResourcesTag) is [{ Value: { Length: > 4 } resources }] ? resources : null;

    /// <summary>The IPTC records of a TIFF; null when it has none.</summary>
    public static byte[]? ExtractIptc(Stream tiff)
    {
        if (TiffFieldReader.Read(tiff, tag => tag == IptcTag) is not [{ Value: { Length: > 4 } records }])
            return null;
        // Many writers call the bytes numbers of four, and in files with the highest byte first they come in the wrong order.
        if (records[0] != RecordMark && records[3] == RecordMark && records.Length % 4 == 0)
        {
            for (int at = 0; at < records.Length; at += 4)
                records.AsSpan(at, 4).Reverse();
        }
        return records[0] == RecordMark ? records : null;
    }

    /// <summary>Adds the fields of an EXIF block, IPTC records and image resources to a TIFF that libvips wrote, but for those that it has already.</summary>
    /// <param name="tiff">Lowest byte first, one picture; readable, writable and seekable.</param>
    /// <exception cref="IOException">The file would be larger than TIFF can be.</exception>
    public static void Insert(Stream tiff, byte[]? exif, byte[]? iptc, byte[]? resources)
    {
        using var block = new MemoryStream(exif ?? [], writable: false);
        List<TiffField> fields = [.. TiffFieldReader.Read(block, IsAboutThePhotograph)];
        if (iptc is { Length: > 4 })
            fields.Add(new TiffField(IptcTag, Undefined, (uint)iptc.Length, iptc));
        if (resources is { Length: > 4 })
            fields.Add(new TiffField(ResourcesTag, Undefined, (uint)resources.Length, resources));
        if (fields.Count == 0)
            return;
        List<TiffField> present = OwnFields(tiff);
        Link(tiff, Append(tiff, [.. present, .. fields.Where(field => present.All(own => own.Tag != field.Tag))]));
    }

    /// <summary>Takes the resolution out of a TIFF that libvips wrote: without one to state, it states one.</summary>
    public static void RemoveResolution(Stream tiff)
    {
        List<TiffField> left = OwnFields(tiff);
        left.RemoveAll(field => field.Tag is 0x11A or 0x11B or 0x128);
        Link(tiff, Append(tiff, left));
    }

    /// <summary>Not how the pixels lie in the file or how many there are: that the other container knows itself.</summary>
    private static bool IsAboutThePhotograph(ushort tag) => tag is
        0x10D or 0x10E or 0x10F or 0x110 or // document name, description, make, model
        0x131 or 0x132 or 0x13B or 0x13C or // software, date, artist, computer
        0x4746 or 0x4749 or 0x8298 or // rating, the same in percent, copyright
        TiffFieldReader.Exif or TiffFieldReader.Gps or
        (>= 0x9C9B and <= 0x9C9F); // title, comment, author, keywords and subject as Windows writes them

    /// <summary>The first directory as it stands: values within it, and offsets, which stay true.</summary>
    private static List<TiffField> OwnFields(Stream tiff)
    {
        byte[] head = Read(tiff, 0, 8);
        if (!head.AsSpan().StartsWith("II*\0"u8))
            throw new NotSupportedException("EXIF is added to TIFF files with the lowest byte first only");
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        byte[] entries = Read(tiff, start + 2L, EntrySize * BinaryPrimitives.ReadUInt16LittleEndian(Read(tiff, start, 2)));
        return [.. entries.Chunk(EntrySize).Select(entry => new TiffField(
            BinaryPrimitives.ReadUInt16LittleEndian(entry), BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(2)),
            BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(4)), entry[8..]))];
    }

    /// <summary>Writes a directory, and before it what it points to, at the end of a file; its offset.</summary>
    private static uint Append(Stream file, IReadOnlyList<TiffField> fields)
    {
        // Count, entries, and four bytes of zero: no directory after this.
        var table = new byte[2 + (fields.Count * EntrySize) + 4];
        BinaryPrimitives.WriteUInt16LittleEndian(table, (ushort)fields.Count);
        Span<byte> entry = table.AsSpan(2);
        foreach (TiffField field in fields.OrderBy(field => field.Tag))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entry, field.Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], field.Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], field.Count);
            if (field.Directory is { } below)
                BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], Append(file, below));
            else if (field.Value.Length > 4)
                BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], Append(file, field.Value));
            else
                field.Value.CopyTo(entry[8..]);
            entry = entry[EntrySize..];
        }
        return Append(file, table);
    }

    private static uint Append(Stream file, byte[] bytes)
    {
        file.Seek(0, SeekOrigin.End);
        // Values and directories begin at even offsets.
        if (file.Position % 2 != 0)
            file.WriteByte(0);
        if (file.Position + bytes.Length > uint.MaxValue)
            throw new IOException("the file would be larger than the 4 GiB of TIFF");
        var offset = (uint)file.Position;
        file.Write(bytes);
        return offset;
    }

    private static void Link(Stream file, uint directory)
    {
        var offset = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(offset, directory);
        file.Position = 4;
        file.Write(offset);
    }

    private static byte[] Read(Stream file, long offset, int length)
    {
        var bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }
}

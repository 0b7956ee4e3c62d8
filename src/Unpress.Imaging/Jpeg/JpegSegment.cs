namespace Unpress.Imaging.Jpeg;

/// <summary>One marker segment of a JPEG: its marker byte (0xE1 for APP1) and where its payload, without the length, lies.</summary>
internal readonly record struct JpegSegment(byte Marker, int Start, int Length)
{
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte QuantisationTables = 0xDB;
    public const byte RestartInterval = 0xDD;
    public const byte App0 = 0xE0;
    public const byte App1 = 0xE1;
    public const byte App2 = 0xE2;
    public const byte App13 = 0xED;
    public const byte App14 = 0xEE;

    /// <summary>A frame header: SOF0–SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share the range.</summary>
    public bool IsFrame => Marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> file) => file.Slice(Start, Length);

    /// <summary>
    /// All segments from SOI to EOI, entropy-coded data skipped. A file that ends early gives the whole segments before the end:
    /// the decoder is the judge of truncation.
    /// </summary>
    public static List<JpegSegment> ReadAll(ReadOnlySpan<byte> file)
    {
        var segments = new List<JpegSegment>();
        int at = 2;
        while (NextMarker(file, ref at, out byte marker))
        {
            if (marker == EndOfImage)
                break;
            if (at + 2 > file.Length)
                break;
            int length = (file[at] << 8) | file[at + 1];
            if (length < 2 || at + length > file.Length)
                break;
            segments.Add(new JpegSegment(marker, at + 2, length - 2));
            at += length;
        }
        return segments;
    }

    /// <summary>Finds the next marker that carries a segment; stuffed zeros, fill bytes and restart markers are passed over.</summary>
    private static bool NextMarker(ReadOnlySpan<byte> file, ref int at, out byte marker)
    {
        marker = 0;
        while (at < file.Length)
        {
            int found = file[at..].IndexOf((byte)0xFF);
            if (found < 0 || at + found + 1 >= file.Length)
                return false;
            at += found + 1;
            marker = file[at];
            if (marker is 0xFF)
                continue;
            at++;
            if (marker is not (0 or 1 or (>= 0xD0 and <= 0xD8)))
                return true;
        }
        return false;
    }
}

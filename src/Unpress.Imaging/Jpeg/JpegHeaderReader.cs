using System.Buffers.Binary;

namespace Unpress.Imaging.Jpeg;

/// <summary>Builds a <see cref="JpegAnatomy"/> from the marker segments of one file.</summary>
internal sealed class JpegHeaderReader(string name, ImageLimits limits)
{
    private readonly ushort[]?[] _tables = new ushort[4][];
    private JpegSegment? _frame;
    private int? _adobe;
    private bool _jfif;
    private int _restart;
    private int _scans;

    public JpegAnatomy Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4 || file[0] != 0xFF || file[1] != JpegSegment.StartOfImage)
            throw Bad("not a JPEG");
        foreach (JpegSegment segment in JpegSegment.ReadAll(file))
            Take(segment, segment.Payload(file));
        if (_frame is not { } frame)
            throw Bad("the JPEG has no frame header; the file is damaged or cut off");
        return Describe(frame, frame.Payload(file));
    }

    private void Take(JpegSegment segment, ReadOnlySpan<byte> payload)
    {
        if (segment.IsFrame)
            _frame ??= segment;
        else if (segment.Marker == JpegSegment.QuantisationTables)
            ReadTables(payload);
        else if (segment.Marker == JpegSegment.RestartInterval && payload.Length >= 2)
            _restart = BinaryPrimitives.ReadUInt16BigEndian(payload);
        else if (segment.Marker == JpegSegment.App0)
            _jfif |= payload.StartsWith("JFIF\0"u8);
        else if (segment.Marker == JpegSegment.App14 && payload.Length >= 12 && payload.StartsWith("Adobe"u8))
            _adobe = payload[11];
        else if (segment.Marker == JpegSegment.LosslessFrame)
            throw Bad("a JPEG-LS file (SOF55), which is not supported");
        else if (segment.Marker == JpegSegment.StartOfScan && ++_scans > limits.MaxScans)
            throw Bad($"more than {limits.MaxScans} scans, which no camera or editor writes");
    }

    /// <summary>Tables that come after the first scan only fill slots that were empty: the others have been used already.</summary>
    private void ReadTables(ReadOnlySpan<byte> payload)
    {
        while (payload.Length > 0)
        {
            int wide = payload[0] >> 4, slot = payload[0] & 15;
            int size = 1 + (wide == 0 ? 64 : 128);
            if (wide > 1 || slot > 3 || payload.Length < size)
                throw Bad("a quantisation table is damaged");
            var table = new ushort[64];
            for (int i = 0; i < 64; i++)
            {
                table[StandardTables.NaturalOrder[i]] = wide == 0
                    ? payload[1 + i]
                    : BinaryPrimitives.ReadUInt16BigEndian(payload[(1 + (2 * i))..]);
            }
            if (_scans == 0 || _tables[slot] is null)
                _tables[slot] = table;
            payload = payload[size..];
        }
    }

    private JpegAnatomy Describe(JpegSegment segment, ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 6 || frame.Length < 6 + (3 * frame[5]) || frame[5] == 0)
            throw Bad("the frame header is damaged");
        int process = segment.Marker - 0xC0;
        // Baseline, extended and progressive, by Huffman or by arithmetic. What is no damage must not be called so: others need no tables.
        if (process is not (0 or 1 or 2 or 9 or 10))
            throw Bad($"a lossless or hierarchical JPEG (SOF{process}), which is not supported");
        int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        if (height == 0 && width > 0)
            throw Bad("a JPEG that leaves its height to a marker behind the first scan (DNL), which is not supported");
        limits.Check(name, width, height);
        JpegComponent[] components = Components(frame, width, height);
        return new JpegAnatomy
        {
            Width = width,
            Height = height,
            Precision = frame[0],
            IsProgressive = segment.Marker is 0xC2 or 0xC6 or 0xCA or 0xCE,
            IsArithmetic = segment.Marker >= 0xC9,
            ColourSpace = ColourSpaceOf(components),
            AdobeTransform = _adobe,
            RestartInterval = _restart,
            Scans = _scans,
            Components = components,
            Tables = _tables,
        };
    }

    private JpegComponent[] Components(ReadOnlySpan<byte> frame, int width, int height)
    {
        int count = frame[5], maxH = 1, maxV = 1;
        for (int i = 0; i < count; i++)
        {
            (maxH, maxV) = (Math.Max(maxH, frame[7 + (3 * i)] >> 4), Math.Max(maxV, frame[7 + (3 * i)] & 15));
        }
        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> c = frame.Slice(6 + (3 * i), 3);
            int h = c[1] >> 4, v = c[1] & 15;
            if (h is < 1 or > 4 || v is < 1 or > 4 || c[2] > 3)
                throw Bad("the frame header is damaged");
            if (_tables[c[2]] is null)
                throw Bad("the quantisation table of a colour plane is missing");
            components[i] = new JpegComponent(c[0], h, v, c[2], Ceiling((long)width * h, maxH * 8), Ceiling((long)height * v, maxV * 8));
        }
        return components;
    }

    /// <summary>The rules of libjpeg's default_decompress_parms, so that the answer is what the decoder will do.</summary>
    private JpegColourSpace ColourSpaceOf(JpegComponent[] c) => c.Length switch
    {
        1 => JpegColourSpace.Gray,
        3 when _jfif => JpegColourSpace.YCbCr,
        3 when _adobe is { } transform => transform == 0 ? JpegColourSpace.Rgb : JpegColourSpace.YCbCr,
        3 when c[0].Id == 'R' && c[1].Id == 'G' && c[2].Id == 'B' => JpegColourSpace.Rgb,
        3 => JpegColourSpace.YCbCr,
        4 => _adobe == 2 ? JpegColourSpace.Ycck : JpegColourSpace.Cmyk,
        _ => JpegColourSpace.Unknown,
    };

    private static int Ceiling(long value, int divisor) => (int)((value + divisor - 1) / divisor);

    private InvalidFileException Bad(string reason) => new(name, reason, fault: FailureCode.Damaged);
}

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
    public const byte Comment = 0xFE;

    /// <summary>SOF55, the frame header of JPEG-LS.</summary>
    public const byte LosslessFrame = 0xF7;

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

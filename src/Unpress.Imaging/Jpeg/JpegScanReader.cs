using System.Buffers.Binary;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// Reads the coefficients of every scan of a file. As strict as libjpeg with its warnings about damage taken as errors: data that
/// end early, codes that do not exist and restart markers that are not in order are refused; bytes between segments are passed over.
/// </summary>
internal sealed unsafe class JpegScanReader
{
    private readonly string _name;
    private readonly JpegAnatomy _anatomy;
    private readonly JpegLayout _layout;
    private readonly HuffmanTable?[] _dc = new HuffmanTable[4], _ac = new HuffmanTable[4];
    private readonly ushort[]?[] _tables = new ushort[4][];
    private readonly ushort[]?[] _steps;
    private readonly short[]?[] _planes;
    private readonly ArithmeticConditioning _conditioning = new();
    private readonly byte[] _unknown; // of each component's 64 coefficients the bits that no scan has told
    private readonly short[] _padding = new short[64];
    private byte _frame;
    private int _restartInterval;
    private bool _hasScans, _isComplete;

    private JpegScanReader(string name, JpegAnatomy anatomy)
    {
        (_name, _anatomy, _layout) = (name, anatomy, new JpegLayout(anatomy));
        (_planes, _steps) = (new short[anatomy.Components.Count][], new ushort[anatomy.Components.Count][]);
        _unknown = new byte[64 * anatomy.Components.Count];
        _unknown.AsSpan().Fill(byte.MaxValue);
    }

    /// <summary>
    /// Planes of blocks as <see cref="JpegCoefficients.Planes"/> has them, the 64 steps that hold for each, and whether the scans tell all bits of all
    /// coefficients.
    /// </summary>
    /// <exception cref="InvalidFileException">Damaged, cut off, or of a kind that is not read.</exception>
    public static (short[][] Planes, ushort[][] Steps, bool IsWhole) Read(ReadOnlySpan<byte> file, string name, JpegAnatomy anatomy)
    {
        var reader = new JpegScanReader(name, anatomy);
        try
        {
            fixed (byte* start = file)
                reader.ReadSegments(start, start + file.Length);
        }
        catch (EntropyException error)
        {
            throw new InvalidFileException(name, $"damaged or cut off ({error.Message})", error, FailureCode.Damaged);
        }

        for (int i = 0; i < reader._planes.Length; i++)
        {
            // A plane without any scan is legal, and gray.
            reader._planes[i] ??= new short[reader.Values(i)];
            reader._steps[i] ??= anatomy.Tables[anatomy.Components[i].Table]!;
        }

        return ([.. reader._planes.Select(plane => plane!)], [.. reader._steps.Select(steps => steps!)], !reader._unknown.AsSpan().ContainsAnyExcept((byte)0));
    }

    private bool IsProgressive => _frame is 0xC2 or 0xCA;

    private bool IsArithmetic => _frame >= 0xC9;

    private void ReadSegments(byte* start, byte* end)
    {
        byte* next = start + 2; // behind SOI, which the headers' reader has seen
        while (true)
        {
            byte marker = NextMarker(ref next, end);
            if (marker == JpegSegment.EndOfImage)
            {
                if (!_hasScans)
                    throw EntropyException.CutOff();
                return;
            }

            if (marker is 1 or (>= 0xD0 and <= 0xD7))
                continue;
            int length = end - next < 2 ? 0 : (next[0] << 8) | next[1];
            if (length < 2 || length > end - next)
                throw EntropyException.CutOff();
            var payload = new ReadOnlySpan<byte>(next + 2, length - 2);
            next += length;
            if (marker == JpegSegment.StartOfScan)
                next = ReadScan(Scan(payload), next, end);
            else
                Take(marker, payload);
        }
    }

    /// <summary>The next marker at or behind a place, and the place behind it.</summary>
    private static byte NextMarker(ref byte* next, byte* end)
    {
        while (next < end)
        {
            int found = new ReadOnlySpan<byte>(next, (int)Math.Min(end - next, int.MaxValue)).IndexOf((byte)0xFF);
            if (found < 0)
                break;
            next += found;
            while (next < end && *next == 0xFF)
                next++;
            if (next < end && *next++ is var marker and not 0)
                return marker;
        }

        throw EntropyException.CutOff();
    }

    private void Take(byte marker, ReadOnlySpan<byte> payload)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2 or 0xC9 or 0xCA:
                TakeFrame(marker, payload);
                break;
            case 0xC4:
                TakeHuffmanTables(payload);
                break;
            case 0xCC when !_conditioning.Define(payload):
                throw Bad("an arithmetic conditioning table is damaged");
            case 0xCC:
                break;
            case JpegSegment.QuantisationTables:
                TakeQuantisationTables(payload);
                break;
            case JpegSegment.RestartInterval when payload.Length == 2:
                _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(payload);
                break;
            case >= 0xE0 and <= 0xEF or 0xFE or 0xDC:
                break; // applications' data, comments, number of lines
            case 0xC3 or (>= 0xC5 and <= 0xCF):
                throw Bad("a lossless or hierarchical JPEG, which is not read");
            default:
                throw Bad($"a segment FF{marker:X2} that is damaged or unknown");
        }
    }

    private void TakeFrame(byte marker, ReadOnlySpan<byte> payload)
    {
        if (_frame != 0)
            throw Bad("more than one frame header");
        if (payload.Length != 6 + (3 * _anatomy.Components.Count))
            throw Bad("the frame header is damaged");
        if (payload[0] != 8)
            throw Bad($"a JPEG with {payload[0]} bits a sample, which is not read");
        _frame = marker;
    }

    private void TakeHuffmanTables(ReadOnlySpan<byte> payload)
    {
        while (payload.Length >= 17)
        {
            int slot = payload[0] & 15, count = 0;
            foreach (byte codes in payload.Slice(1, 16))
                count += codes;
            if (payload[0] >> 4 > 1 || slot > 3 || count > 256 || count > payload.Length - 17)
                break;
            (payload[0] >> 4 == 0 ? _dc : _ac)[slot] = new HuffmanTable(payload.Slice(1, 16), payload.Slice(17, count));
            payload = payload[(17 + count)..];
        }

        if (!payload.IsEmpty)
            throw Bad("a Huffman table is damaged");
    }

    private void TakeQuantisationTables(ReadOnlySpan<byte> payload)
    {
        // The headers' reader has refused damaged ones.
        while (!payload.IsEmpty)
        {
            bool wide = payload[0] >> 4 != 0;
            var table = new ushort[64];
            for (int i = 0; i < 64; i++)
            {
                table[StandardTables.NaturalOrder[i]] = wide
                    ? BinaryPrimitives.ReadUInt16BigEndian(payload[(1 + (2 * i))..])
                    : payload[1 + i];
            }

            _tables[payload[0] & 15] = table;
            payload = payload[(wide ? 129 : 65)..];
        }
    }

    private JpegScan Scan(ReadOnlySpan<byte> payload)
    {
        if (_frame == 0)
            throw Bad("a scan before the frame header");
        int count = payload.IsEmpty ? 0 : payload[0];
        if (count is < 1 or > 4 || payload.Length != 4 + (2 * count))
            throw Bad("a scan header is damaged");
        int[] components = new int[count], dc = new int[count], ac = new int[count];
        for (int i = 0; i < count; i++)
        {
            components[i] = Plane(payload[1 + (2 * i)], components.AsSpan(0, i));
            (dc[i], ac[i]) = (payload[2 + (2 * i)] >> 4, payload[2 + (2 * i)] & 15);
        }

        ReadOnlySpan<byte> rest = payload[(1 + (2 * count))..];
        var scan = new JpegScan(components, dc, ac, rest[0], rest[1], rest[2] >> 4, rest[2] & 15);
        bool makesSense = scan.First == 0
            ? scan.Last == 0
            : scan.Last >= scan.First && scan.Last < 64 && count == 1;
        if (IsProgressive && (!makesSense || scan.Low > 13 || (scan.High != 0 && scan.Low != scan.High - 1)))
            throw Bad("a scan header is damaged");
        if (_isComplete)
            throw Bad("a second scan of a picture that the first has completed");
        _isComplete = !IsProgressive && !_hasScans && count == _planes.Length;
        _hasScans = true;
        return scan;
    }

    private int Plane(byte id, ReadOnlySpan<int> taken)
    {
        for (int i = 0; i < _planes.Length; i++)
        {
            if (_anatomy.Components[i].Id == id && !taken.Contains(i))
                return i;
        }

        throw Bad("a scan header is damaged");
    }

    private byte* ReadScan(JpegScan scan, byte* next, byte* end)
    {
        long blocks = 0;
        foreach (int component in scan.Components)
        {
            ushort[]? table = _tables[_anatomy.Components[component].Table];
            _steps[component] ??= table ?? throw Bad("the quantisation table of a colour plane is missing");
            blocks += Values(component) / 64;
        }

        // Every block takes a bit of Huffman codes, and 32,767 blocks without more coefficients 15 bits.
        long bits = 8 * (end - next);
        if (!IsArithmetic && blocks > (IsProgressive && scan.First > 0 ? bits * 32767 / 15 : bits))
            throw EntropyException.CutOff();
        foreach (int component in scan.Components)
        {
            _planes[component] ??= new short[Values(component)];
            int first = IsProgressive ? scan.First : 0, last = IsProgressive ? scan.Last : 63;
            _unknown.AsSpan((64 * component) + first, last - first + 1).Fill((byte)(IsProgressive ? scan.Low : 0));
        }

        EntropyDecoder decoder = IsArithmetic
            ? new ArithmeticDecoder(next, end, scan, IsProgressive, _conditioning)
            : Huffman(next, end, scan);
        if (scan.Components.Length == 1)
            ReadPlane(decoder, scan.Components[0], end);
        else
            ReadUnits(decoder, scan, end);
        return decoder.Next;
    }

    private HuffmanDecoder Huffman(byte* next, byte* end, JpegScan scan)
    {
        if (!IsProgressive)
        {
            // The frames of Motion JPEG leave the standard tables out.
            _dc[0] ??= HuffmanTable.LumaDc;
            _ac[0] ??= HuffmanTable.LumaAc;
            _dc[1] ??= HuffmanTable.ChromaDc;
            _ac[1] ??= HuffmanTable.ChromaAc;
        }

        int count = scan.Components.Length;
        HuffmanTable?[] dc = new HuffmanTable[count], ac = new HuffmanTable[count];
        for (int i = 0; i < count; i++)
        {
            if (!IsProgressive || (scan.First == 0 && scan.High == 0))
                dc[i] = Usable(_dc, scan.DcTables[i], table => table.IsForDc);
            if (!IsProgressive || scan.First > 0)
                ac[i] = Usable(_ac, scan.AcTables[i], table => table.IsValid);
        }

        return new HuffmanDecoder(next, end, scan, IsProgressive, dc, ac);
    }

    private HuffmanTable Usable(HuffmanTable?[] tables, int slot, Predicate<HuffmanTable> isUsable)
    {
        HuffmanTable table = (slot < 4 ? tables[slot] : null) ?? throw Bad("a Huffman table is missing");
        return isUsable(table) ? table : throw Bad("a Huffman table is damaged");
    }

    private void ReadPlane(EntropyDecoder decoder, int component, byte* end)
    {
        Span<short> plane = _planes[component];
        var restarts = new Restarts(_restartInterval);
        for (int at = 0; at < plane.Length; at += 64)
        {
            restarts.BeforeUnit(decoder, end);
            decoder.Decode(plane.Slice(at, 64), 0);
        }
    }

    private void ReadUnits(EntropyDecoder decoder, JpegScan scan, byte* end)
    {
        int blocks = scan.Components.Sum(c => _anatomy.Components[c].Horizontal * _anatomy.Components[c].Vertical);
        if (blocks > 10)
            throw Bad("more than 10 blocks in a unit, which the standard does not allow");
        var restarts = new Restarts(_restartInterval);
        for (int y = 0; y < _layout.UnitsHigh; y++)
        {
            for (int x = 0; x < _layout.UnitsWide; x++)
            {
                restarts.BeforeUnit(decoder, end);
                for (int slot = 0; slot < scan.Components.Length; slot++)
                    ReadUnit(decoder, scan.Components[slot], slot, x, y);
            }
        }
    }

    private void ReadUnit(EntropyDecoder decoder, int component, int slot, int unitX, int unitY)
    {
        JpegComponent c = _anatomy.Components[component];
        short[] plane = _planes[component]!;
        for (int v = 0; v < c.Vertical; v++)
        {
            int y = (unitY * c.Vertical) + v;
            for (int h = 0; h < c.Horizontal; h++)
            {
                int x = (unitX * c.Horizontal) + h;
                bool inside = x < c.BlocksWide && y < c.BlocksHigh;
                decoder.Decode(inside ? plane.AsSpan(((y * c.BlocksWide) + x) * 64, 64) : _padding, slot);
            }
        }
    }

    private int Values(int component)
    {
        JpegComponent c = _anatomy.Components[component];
        return checked(c.BlocksWide * c.BlocksHigh * 64);
    }

    private InvalidFileException Bad(string reason) => new(_name, reason, fault: FailureCode.Damaged);

    /// <summary>Counts the units between restart markers and finds those.</summary>
    private struct Restarts
    {
        private readonly int _interval;
        private int _left, _number;

        public Restarts(int interval) => _interval = _left = interval;

        public void BeforeUnit(EntropyDecoder decoder, byte* end)
        {
            if (_interval == 0)
                return;
            if (_left == 0)
            {
                byte* next = decoder.Next;
                if (NextMarker(ref next, end) != 0xD0 + _number)
                    throw new EntropyException("a restart marker is missing or out of order");
                _number = (_number + 1) & 7;
                _left = _interval;
                decoder.Restart(next);
            }

            _left--;
        }
    }
}

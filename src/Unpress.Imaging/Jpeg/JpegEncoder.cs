using System.Runtime.Intrinsics;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// Writes baseline JPEGs (extended where a step is over 255) with the standard Huffman tables, byte for byte as libjpeg-turbo does with
/// its defaults: one interleaved scan, one segment a table, no restarts.
/// </summary>
internal sealed unsafe class JpegEncoder
{
    /// <summary>More sides than this libjpeg does not take.</summary>
    public const int MaxSide = 65500;

    private static readonly ulong[] ZigzagMasks = MakeZigzagMasks();

    private readonly JpegLayout _layout;
    private readonly ushort[][] _steps;
    private readonly Quantiser[] _quantisers;
    private readonly HuffmanWriter _writer = new();
    private readonly int[] _lastDc = new int[4];

    private JpegEncoder(JpegLayout layout, ushort[][] steps, Quantiser[] quantisers) =>
        (_layout, _steps, _quantisers) = (layout, steps, quantisers);

    /// <param name="pixels">Height × width × bands interleaved samples: gray, R, G, B, or CMYK as it is to be stored.</param>
    /// <param name="bands">1, 3 or 4.</param>
    /// <param name="quality">1–100.</param>
    /// <exception cref="ArgumentException">The buffer does not fit, a side is over 65,500, or a number is out of range.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int bands, int quality, ChromaSubsampling subsampling)
    {
        if (bands is not (1 or 3 or 4) || !Enum.IsDefined(subsampling))
            throw new ArgumentException("JPEG takes 1, 3 or 4 bands and a known subsampling");
        ushort[] luma = StandardTables.Luma(quality), chroma = StandardTables.Chroma(quality);
        return Encode(pixels, JpegLayout.For(width, height, bands, subsampling), [luma, chroma]);
    }

    /// <summary>Any sampling of at most 10 blocks a unit, and any tables.</summary>
    /// <param name="tables">64 steps, natural order, for each slot that a component names; a step of 0 is written as 1.</param>
    /// <inheritdoc cref="Encode(ReadOnlySpan{byte}, int, int, int, int, ChromaSubsampling)"/>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, JpegLayout layout, IReadOnlyList<ushort[]?> tables)
    {
        int bands = layout.Components.Length;
        if (layout.Width is < 1 or > MaxSide || layout.Height is < 1 or > MaxSide)
            throw new ArgumentException($"JPEG needs 1-{MaxSide} pixels a side, not {layout.Width}x{layout.Height}");
        if (pixels.Length != (long)layout.Width * layout.Height * bands)
            throw new ArgumentException($"{layout.Width}x{layout.Height} pixels with {bands} bands do not take {pixels.Length} bytes");
        if (!layout.HasWholeRatios || (bands > 1 && layout.Components.Sum(c => c.Horizontal * c.Vertical) > 10))
            throw new ArgumentException("these sampling factors cannot be written");
        ushort[][] steps = [.. layout.Components.Select(c => tables[c.Table]!.Select(step => Math.Max(step, (ushort)1)).ToArray())];
        var encoder = new JpegEncoder(layout, steps, [.. steps.Select(table => new Quantiser(table))]);
        fixed (byte* start = pixels)
            return encoder.Write(start);
    }

    private byte[] Write(byte* pixels)
    {
        WriteHeaders();
        using var planes = new JpegPlanes();
        planes.Arrange(_layout, 1);
        // A row of units: for each component its rows of blocks.
        short[][] levels = [.. _layout.Components.Select(c => new short[c.Vertical * c.BlocksWide * 64])];
        for (int unitY = 0; unitY < _layout.UnitsHigh; unitY++)
        {
            planes.Sample(pixels, unitY);
            for (int i = 0; i < levels.Length; i++)
            {
                JpegComponent c = _layout.Components[i];
                for (int v = 0; v < Math.Min(c.Vertical, c.BlocksHigh - (unitY * c.Vertical)); v++)
                {
                    fixed (short* row = &levels[i][v * c.BlocksWide * 64])
                        JpegDct.Forward(planes.Row(i, 8 * v), planes.Stride(i), _quantisers[i], row, c.BlocksWide);
                }
            }

            if (levels.Length == 1)
                WritePlane(levels[0], unitY);
            else
                WriteUnits(levels, unitY);
        }

        return _writer.Finish();
    }

    private void WriteHeaders()
    {
        _writer.Bytes([0xFF, JpegSegment.StartOfImage]);
        if (_layout.Components.Length == 4)
            _writer.Segment(JpegSegment.App14, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]);
        else
            _writer.Segment(JpegSegment.App0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        bool wide = false;
        foreach (int slot in _layout.Components.Select(c => c.Table).Distinct())
        {
            ushort[] table = _steps[Array.FindIndex(_layout.Components, c => c.Table == slot)];
            bool isWide = table.Max() > 255;
            wide |= isWide;
            _writer.Segment(JpegSegment.QuantisationTables, [(byte)((isWide ? 16 : 0) | slot), .. ZigzagBytes(table, isWide)]);
        }

        _writer.Segment((byte)(wide ? 0xC1 : 0xC0), [
            8, (byte)(_layout.Height >> 8), (byte)_layout.Height, (byte)(_layout.Width >> 8), (byte)_layout.Width,
            (byte)_layout.Components.Length,
            .. _layout.Components.SelectMany(c => new[] { (byte)c.Id, (byte)((c.Horizontal << 4) | c.Vertical), (byte)c.Table })]);
        WriteTable(0x00, HuffmanTable.LumaDc);
        WriteTable(0x10, HuffmanTable.LumaAc);
        if (_layout.Components.Length == 3)
        {
            WriteTable(0x01, HuffmanTable.ChromaDc);
            WriteTable(0x11, HuffmanTable.ChromaAc);
        }

        _writer.Segment(JpegSegment.StartOfScan, [
            (byte)_layout.Components.Length,
            .. _layout.Components.SelectMany((c, i) => new[] { (byte)c.Id, (byte)(IsChroma(i) ? 0x11 : 0) }),
            0, 63, 0]);
    }

    private bool IsChroma(int component) => component > 0 && _layout.Components.Length == 3;

    private void WriteTable(byte slot, HuffmanTable table) => _writer.Segment(0xC4, [slot, .. table.Counts, .. table.Symbols]);

    private static IEnumerable<byte> ZigzagBytes(ushort[] table, bool wide)
    {
        for (int k = 0; k < 64; k++)
        {
            ushort step = table[StandardTables.NaturalOrder[k]];
            if (wide)
                yield return (byte)(step >> 8);
            yield return (byte)step;
        }
    }

    // A single plane is not interleaved: its blocks follow row by row, whatever its factors.
    private void WritePlane(short[] levels, int unitY)
    {
        JpegComponent c = _layout.Components[0];
        int blocks = Math.Min(c.Vertical, c.BlocksHigh - (unitY * c.Vertical)) * c.BlocksWide;
        for (int i = 0; i < blocks; i++)
            WriteBlock(levels.AsSpan(64 * i, 64), 0);
    }

    private void WriteUnits(short[][] levels, int unitY)
    {
        Span<short> empty = stackalloc short[64];
        empty.Clear();
        for (int unitX = 0; unitX < _layout.UnitsWide; unitX++)
        {
            for (int i = 0; i < levels.Length; i++)
            {
                JpegComponent c = _layout.Components[i];
                for (int v = 0; v < c.Vertical; v++)
                {
                    for (int h = 0; h < c.Horizontal; h++)
                    {
                        int x = (unitX * c.Horizontal) + h;
                        bool inside = x < c.BlocksWide && (unitY * c.Vertical) + v < c.BlocksHigh;
                        empty[0] = (short)_lastDc[i]; // blocks that only fill the unit up cost the least
                        WriteBlock(inside ? levels[i].AsSpan(((v * c.BlocksWide) + x) * 64, 64) : empty, i);
                    }
                }
            }
        }
    }

    private void WriteBlock(ReadOnlySpan<short> block, int component)
    {
        bool chroma = IsChroma(component);
        int difference = block[0] - _lastDc[component];
        _lastDc[component] = block[0];
        _writer.Block(block, difference, NonZero(block), chroma ? HuffmanCodes.Chroma : HuffmanCodes.Luma);
    }

    /// <summary>A bit for each zigzag position that is not 0.</summary>
    private static ulong NonZero(ReadOnlySpan<short> block)
    {
        ulong mask = 0;
        for (int y = 0; y < 8; y++)
        {
            var row = Vector128.Create(block.Slice(8 * y, 8));
            uint zeros = Vector128.Equals(row, Vector128<short>.Zero).ExtractMostSignificantBits();
            mask |= ZigzagMasks[(256 * y) + (int)(~zeros & 255)];
        }

        return mask;
    }

    // For each row of a block and each set of its places: the zigzag positions of those.
    private static ulong[] MakeZigzagMasks()
    {
        var masks = new ulong[8 * 256];
        for (int k = 0; k < 64; k++)
        {
            int place = StandardTables.NaturalOrder[k];
            for (int set = 0; set < 256; set++)
            {
                if ((set & (1 << (place & 7))) != 0)
                    masks[(256 * (place >> 3)) + set] |= 1UL << k;
            }
        }

        return masks;
    }
}

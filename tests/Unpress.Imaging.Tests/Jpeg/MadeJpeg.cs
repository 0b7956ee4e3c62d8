using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>
/// A valid JPEG of random kind with known coefficients, written slowly and plainly: what encoders other than libjpeg may write. Scans of
/// one or more planes, sequential or progressive with any spectral selection and successive approximation, restarts, 16-bit tables, Huffman
/// codes of 2–16 bits, JFIF, Adobe's marker or neither. The number decides everything.
/// </summary>
internal sealed class MadeJpeg
{
    private static readonly (int H, int V)[][] Samplings =
    [
        [(1, 1)], [(2, 2)], [(2, 2), (1, 1), (1, 1)], [(2, 1), (1, 1), (1, 1)], [(1, 1), (1, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)],
        [(4, 1), (1, 1), (1, 1)], [(2, 2), (2, 1), (1, 2)], [(2, 2), (1, 1), (1, 1), (2, 2)], [(1, 1), (1, 1), (1, 1), (1, 1)],
    ];

    private readonly Random _random;
    private readonly List<byte> _bytes = [];
    private readonly int _width, _height, _across, _down;
    private readonly (int H, int V)[] _factors;
    private readonly MadeScanWriter _writer;

    public MadeJpeg(int number, bool small = false)
    {
        _random = new Random(number);
        (_width, _height) = (_random.Next(1, small ? 25 : 71), _random.Next(1, small ? 25 : 71));
        _factors = Samplings[_random.Next(Samplings.Length)];
        (_across, _down) = (_factors.Max(f => f.H), _factors.Max(f => f.V));
        IsProgressive = _random.Next(2) == 0;
        RestartInterval = _random.Next(2) == 0 ? 0 : _random.Next(1, 9);
        Planes = [.. _factors.Select(f => RandomPlane(Across(f) * Down(f)))];
        _writer = new MadeScanWriter(_bytes, IsProgressive, RestartInterval);
        Write();
        Bytes = [.. _bytes];
    }

    public byte[] Bytes { get; }

    public bool IsProgressive { get; }

    public int RestartInterval { get; }

    public short[][] Planes { get; }

    private int Across((int H, int V) f) => (int)Math.Ceiling(_width * f.H / (8.0 * _across));

    private int Down((int H, int V) f) => (int)Math.Ceiling(_height * f.V / (8.0 * _down));

    // Smooth enough for real values, with coefficients everywhere now and then.
    private short[] RandomPlane(int blocks)
    {
        short[] plane = new short[64 * blocks];
        int dc = 0;
        for (int i = 0; i < blocks; i++)
        {
            dc = Math.Clamp(dc + _random.Next(-20, 21), -90, 90);
            plane[64 * i] = (short)dc;
            int count = _random.Next(8) == 0 ? 63 : _random.Next(6);
            for (int k = 0; k < count; k++)
                plane[(64 * i) + _random.Next(1, 64)] = (short)_random.Next(-7, 8);
        }

        return plane;
    }

    private void Write()
    {
        _bytes.AddRange([0xFF, 0xD8]);
        int colours = _random.Next(4);
        if (colours == 0)
            Segment(0xE0, [.. "JFIF\0"u8, 1, 2, 0, 0, 1, 0, 1, 0, 0]);
        if (colours == 1)
            Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)(_factors.Length == 4 ? 2 * _random.Next(2) : _random.Next(2))]);
        Segment(0xFE, [.. "made for a test"u8]);
        byte[] ids = colours == 2 && _factors.Length == 3 ? [(byte)'R', (byte)'G', (byte)'B'] : [1, 2, 3, 4];
        bool wide = _random.Next(3) == 0;
        for (byte slot = 0; slot < 2; slot++)
            Segment(0xDB, [(byte)((wide ? 16 : 0) | slot), .. Enumerable.Range(0, 64).SelectMany(_ => Step(wide))]);
        Segment((byte)(IsProgressive ? 0xC2 : 0xC1), [
            8, 0, (byte)_height, 0, (byte)_width, (byte)_factors.Length,
            .. _factors.SelectMany((f, i) => new[] { ids[i], (byte)((f.H << 4) | f.V), (byte)(i % 2) })]);
        if (RestartInterval > 0)
            Segment(0xDD, [0, (byte)RestartInterval]);
        foreach ((int[] planes, int first, int last, int high, int low) in Script())
            WriteScan(planes, ids, first, last, high, low);
        _bytes.AddRange([0xFF, 0xD9, 1, 2, 3]);
    }

    private byte[] Step(bool wide)
    {
        int step = _random.Next(1, 9);
        return wide ? [0, (byte)step] : [(byte)step];
    }

    private void WriteScan(int[] planes, byte[] ids, int first, int last, int high, int low)
    {
        // Fresh tables for each scan, in a slot of their own kind.
        byte slot = (byte)_random.Next(4);
        MadeCode dc = new(_random, [.. Enumerable.Range(0, 16).Select(i => (byte)i)]);
        MadeCode ac = new(_random, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        Segment(0xC4, [slot, .. dc.Counts, .. dc.Symbols]);
        Segment(0xC4, [(byte)(16 | slot), .. ac.Counts, .. ac.Symbols]);
        Segment(0xDA, [
            (byte)planes.Length, .. planes.SelectMany(p => new[] { ids[p], (byte)((slot << 4) | slot) }),
            (byte)first, (byte)last, (byte)((high << 4) | low)]);
        _writer.Begin(dc, ac, first, last, high, low, planes.Length);
        foreach (var unit in Units(planes))
            _writer.Unit(unit);
        _writer.End();
    }

    /// <summary>Units in order, each the blocks of a plane of the scan; a block outside the picture repeats the one before it.</summary>
    private IEnumerable<(int Slot, short[] Block)[]> Units(int[] planes)
    {
        if (planes.Length == 1)
        {
            for (int i = 0; i < Planes[planes[0]].Length; i += 64)
                yield return [(0, Planes[planes[0]][i..(i + 64)])];
            yield break;
        }

        int wide = (int)Math.Ceiling(_width / (8.0 * _across)), high = (int)Math.Ceiling(_height / (8.0 * _down));
        for (int y = 0; y < high; y++)
        {
            for (int x = 0; x < wide; x++)
                yield return [.. planes.SelectMany((p, slot) => Blocks(p, x, y).Select(block => (slot, block)))];
        }
    }

    private IEnumerable<short[]> Blocks(int plane, int unitX, int unitY)
    {
        (int h, int v) = _factors[plane];
        for (int i = 0; i < h * v; i++)
        {
            int x = Math.Min((unitX * h) + (i % h), Across((h, v)) - 1), y = Math.Min((unitY * v) + (i / h), Down((h, v)) - 1);
            int at = 64 * ((y * Across((h, v))) + x);
            yield return Planes[plane][at..(at + 64)];
        }
    }

    private List<(int[] Planes, int First, int Last, int High, int Low)> Script()
    {
        int[] all = [.. Enumerable.Range(0, _factors.Length)];
        int[][] groups = _random.Next(2) == 0 && _factors.Sum(f => f.H * f.V) <= 10 ? [all] : [.. all.Select(p => new[] { p })];
        if (!IsProgressive)
            return [.. groups.Select(group => (group, 0, 63, 0, 0))];
        int low = _random.Next(3);
        List<(int[], int, int, int, int)> script = [.. groups.Select(group => (group, 0, 0, 0, low))];
        foreach (int plane in all)
        {
            int split = _random.Next(1, 63), acLow = _random.Next(3);
            script.Add(([plane], 1, split, 0, acLow));
            script.Add(([plane], split + 1, 63, 0, acLow));
            for (int bit = acLow; bit > 0; bit--)
                script.Add(([plane], 1, 63, bit, bit - 1));
        }

        for (int bit = low; bit > 0; bit--)
            script.AddRange(groups.Select(group => (group, 0, 0, bit, bit - 1)));
        return script;
    }

    private void Segment(byte marker, byte[] payload) =>
        _bytes.AddRange([0xFF, marker, (byte)((payload.Length + 2) >> 8), (byte)(payload.Length + 2), .. payload]);
}

/// <summary>A Huffman code with one code of 2, 3 … 15 bits and the rest of 16 bits, for symbols in random order.</summary>
internal sealed class MadeCode
{
    private readonly Dictionary<byte, (int Code, int Length)> _codes = [];

    public MadeCode(Random random, byte[] symbols)
    {
        random.Shuffle(symbols);
        Symbols = symbols;
        int code = 0, length = 1;
        for (int i = 0; i < symbols.Length; i++)
        {
            // 1 bit is not used; then one code each, and with few symbols all of the last ones at 16 bits.
            int wanted = Math.Min(i + 2, 16);
            code <<= wanted - length;
            length = wanted;
            Counts[length - 1]++;
            _codes[symbols[i]] = (code++, length);
        }
    }

    public byte[] Counts { get; } = new byte[16];

    public byte[] Symbols { get; }

    public (int Code, int Length) Of(int symbol) => _codes[(byte)symbol];
}

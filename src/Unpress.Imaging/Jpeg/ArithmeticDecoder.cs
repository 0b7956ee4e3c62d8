using System.Runtime.CompilerServices;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// Arithmetic-coded scans, sequential (T.81, F.2.4) and progressive (G.1.3). Each decision has a statistics bin, which holds the index of
/// its probability estimate in Table D.3 and, in the top bit, the more probable symbol.
/// </summary>
internal sealed unsafe class ArithmeticDecoder : EntropyDecoder
{
    private const int DcBins = 64, AcBins = 256;
    private const int FirstLargeDc = 20, FirstLargeAcLow = 189, FirstLargeAcHigh = 217;
    private const byte EvenChance = 113;

    private readonly JpegScan _scan;
    private readonly ArithmeticConditioning _conditioning;
    private readonly bool _progressive;
    private readonly byte[] _dc, _ac;
    private readonly int[] _lastDc, _context;
    private uint _code, _interval;
    private int _spareBits;

    public ArithmeticDecoder(byte* start, byte* end, JpegScan scan, bool progressive, ArithmeticConditioning conditioning)
        : base(start, end)
    {
        (_scan, _progressive, _conditioning) = (scan, progressive, conditioning.Copy());
        int planes = scan.Components.Length;
        (_lastDc, _context) = (new int[planes], new int[planes]);
        // Planes that name one slot share its statistics.
        (_dc, _ac) = (new byte[16 * DcBins], new byte[16 * AcBins]);
        Reset();
    }

    public override void Decode(Span<short> block, int slot)
    {
        if (!_progressive)
        {
            block[0] = (short)NextDc(slot);
            DecodeAc(block, slot, 1, 63, 0);
        }
        else if (_scan.First > 0)
        {
            if (_scan.High == 0)
                DecodeAc(block, slot, _scan.First, _scan.Last, _scan.Low);
            else
                RefineAc(block, slot);
        }
        else if (_scan.High == 0)
        {
            block[0] = (short)(NextDc(slot) << _scan.Low);
        }
        else if (EvenDecision())
        {
            block[0] |= (short)(1 << _scan.Low);
        }
    }

    protected override void Reset()
    {
        Array.Clear(_dc);
        Array.Clear(_ac);
        Array.Clear(_lastDc);
        Array.Clear(_context);
        (_interval, _code, _spareBits) = (0x10000, 0, 0);
        ReadByte();
        _code <<= 8;
        ReadByte();
        _code <<= 8;
    }

    private int NextDc(int slot)
    {
        int table = _scan.DcTables[slot];
        Span<byte> bins = _dc.AsSpan(table * DcBins, DcBins);
        int at = _context[slot];
        if (!Decision(ref bins[at]))
        {
            _context[slot] = 0;
            return _lastDc[slot];
        }

        bool negative = Decision(ref bins[at + 1]);
        at += negative ? 3 : 2;
        int magnitude = 0;
        if (Decision(ref bins[at]))
        {
            magnitude = 1;
            for (at = FirstLargeDc; Decision(ref bins[at]); at++)
            {
                if ((magnitude <<= 1) == 0x8000)
                    throw EntropyException.BadCode();
            }
        }

        // The size of this difference conditions the next one (F.1.4.4.1.2).
        if (magnitude < (1 << _conditioning.Low[table]) >> 1)
            _context[slot] = 0;
        else
            _context[slot] = (magnitude > (1 << _conditioning.High[table]) >> 1 ? 12 : 4) + (negative ? 4 : 0);
        int value = Magnitude(magnitude, ref bins[at + 14]);
        return _lastDc[slot] += negative ? -value : value;
    }

    private void DecodeAc(Span<short> block, int slot, int first, int last, int low)
    {
        int table = _scan.AcTables[slot];
        Span<byte> bins = _ac.AsSpan(table * AcBins, AcBins);
        for (int k = first; k <= last; k++)
        {
            int at = 3 * (k - 1);
            if (Decision(ref bins[at]))
                return;
            for (; !Decision(ref bins[at + 1]); at += 3)
            {
                if (++k > last)
                    throw EntropyException.BadCode();
            }

            bool negative = EvenDecision();
            at += 2;
            int magnitude = 0;
            if (Decision(ref bins[at]))
            {
                magnitude = 1;
                if (Decision(ref bins[at]))
                {
                    magnitude = 2;
                    for (at = k <= _conditioning.Split[table] ? FirstLargeAcLow : FirstLargeAcHigh; Decision(ref bins[at]); at++)
                    {
                        if ((magnitude <<= 1) == 0x8000)
                            throw EntropyException.BadCode();
                    }
                }
            }

            int value = Magnitude(magnitude, ref bins[at + 14]);
            block[Order[k]] = (short)((negative ? -value : value) << low);
        }
    }

    private void RefineAc(Span<short> block, int slot)
    {
        Span<byte> bins = _ac.AsSpan(_scan.AcTables[slot] * AcBins, AcBins);
        short plus = (short)(1 << _scan.Low), minus = (short)(-1 << _scan.Low);
        int known = _scan.Last;
        while (known > 0 && block[Order[known]] == 0)
            known--;
        for (int k = _scan.First; k <= _scan.Last; k++)
        {
            int at = 3 * (k - 1);
            if (k > known && Decision(ref bins[at]))
                return;
            for (; ; at += 3, k++)
            {
                if (k > _scan.Last)
                    throw EntropyException.BadCode();
                ref short coefficient = ref block[Order[k]];
                if (coefficient != 0)
                {
                    if (Decision(ref bins[at + 2]))
                        coefficient += coefficient < 0 ? minus : plus;
                    break;
                }

                if (Decision(ref bins[at + 1]))
                {
                    coefficient = EvenDecision() ? minus : plus;
                    break;
                }
            }
        }
    }

    // The bits below the leading one, and the one that every coded value is larger by.
    private int Magnitude(int leading, ref byte bin)
    {
        int value = leading;
        while ((leading >>= 1) != 0)
        {
            if (Decision(ref bin))
                value |= leading;
        }

        return value + 1;
    }

    private bool EvenDecision()
    {
        byte bin = EvenChance;
        return Decision(ref bin);
    }

    /// <summary>T.81, D.2: one binary decision, and what it teaches the bin.</summary>
    private bool Decision(ref byte bin)
    {
        int state = bin & 127, symbol = bin & 128;
        uint estimate = Estimates[state];
        _interval -= estimate;
        bool lower = _code >> 16 < _interval;
        if (lower && _interval >= 0x8000)
            return symbol != 0;

        // The smaller part belongs to the less probable symbol, unless the estimate has grown above the half (D.2.5).
        bool probable = lower == _interval >= estimate;
        if (!lower)
        {
            _code -= _interval << 16;
            _interval = estimate;
        }

        bin = (byte)(probable ? symbol | NextProbable[state] : symbol ^ NextImprobable[state]);
        Renormalise();
        return (symbol != 0) == probable;
    }

    private void Renormalise()
    {
        do
        {
            if (_spareBits == 0)
            {
                ReadByte();
                _spareBits = 8;
            }

            _interval <<= 1;
            _code <<= 1;
            _spareBits--;
        }
        while (_interval < 0x8000);
    }

    // Before a marker the data go on with zeros, which an encoder leaves out.
    private void ReadByte()
    {
        int value = NextByte();
        if (value < 0 && Next >= End)
            throw EntropyException.CutOff();
        _code += (uint)Math.Max(value, 0) << 8;
    }

    /// <summary>Qe of Table D.3; the last never changes and stays at one half.</summary>
    private static ReadOnlySpan<ushort> Estimates =>
    [
        0x5A1D, 0x2586, 0x1114, 0x080B, 0x03D8, 0x01DA, 0x00E5, 0x006F, 0x0036, 0x001A, 0x000D, 0x0006, 0x0003, 0x0001,
        0x5A7F, 0x3F25, 0x2CF2, 0x207C, 0x17B9, 0x1182, 0x0CEF, 0x09A1, 0x072F, 0x055C, 0x0406, 0x0303, 0x0240, 0x01B1,
        0x0144, 0x00F5, 0x00B7, 0x008A, 0x0068, 0x004E, 0x003B, 0x002C, 0x5AE1, 0x484C, 0x3A0D, 0x2EF1, 0x261F, 0x1F33,
        0x19A8, 0x1518, 0x1177, 0x0E74, 0x0BFB, 0x09F8, 0x0861, 0x0706, 0x05CD, 0x04DE, 0x040F, 0x0363, 0x02D4, 0x025C,
        0x01F8, 0x01A4, 0x0160, 0x0125, 0x00F6, 0x00CB, 0x00AB, 0x008F, 0x5B12, 0x4D04, 0x412C, 0x37D8, 0x2FE8, 0x293C,
        0x2379, 0x1EDF, 0x1AA9, 0x174E, 0x1424, 0x119C, 0x0F6B, 0x0D51, 0x0BB6, 0x0A40, 0x5832, 0x4D1C, 0x438E, 0x3BDD,
        0x34EE, 0x2EAE, 0x299A, 0x2516, 0x5570, 0x4CA9, 0x44D9, 0x3E22, 0x3824, 0x32B4, 0x2E17, 0x56A8, 0x4F46, 0x47E5,
        0x41CF, 0x3C3D, 0x375E, 0x5231, 0x4C0F, 0x4639, 0x415E, 0x5627, 0x50E7, 0x4B85, 0x5597, 0x504F, 0x5A10, 0x5522,
        0x59EB, 0x5A1D,
    ];

    /// <summary>Next state after the less probable symbol; 128 is added where the symbols change places.</summary>
    private static ReadOnlySpan<byte> NextImprobable =>
    [
        129, 14, 16, 18, 20, 23, 25, 28, 30, 33, 35, 9, 10, 12, 143, 36, 38, 39, 40, 42,
        43, 45, 46, 48, 49, 51, 52, 54, 56, 57, 59, 60, 62, 63, 32, 33, 165, 64, 65, 67,
        68, 69, 70, 72, 73, 74, 75, 77, 78, 79, 48, 50, 50, 51, 52, 53, 54, 55, 56, 57,
        58, 59, 61, 61, 193, 80, 81, 82, 83, 84, 86, 87, 87, 72, 72, 74, 74, 75, 77, 77,
        208, 88, 89, 90, 91, 92, 93, 86, 216, 95, 96, 97, 99, 99, 93, 223, 101, 102, 103, 104,
        99, 105, 106, 107, 103, 233, 108, 109, 110, 111, 238, 112, 240, 113,
    ];

    private static ReadOnlySpan<byte> NextProbable =>
    [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 13, 15, 16, 17, 18, 19, 20,
        21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 9, 37, 38, 39, 40,
        41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60,
        61, 62, 63, 32, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 48,
        81, 82, 83, 84, 85, 86, 87, 71, 89, 90, 91, 92, 93, 94, 86, 96, 97, 98, 99, 100,
        93, 102, 103, 104, 99, 106, 107, 103, 109, 107, 111, 109, 111, 113,
    ];
}

/// <summary>How the sizes of coefficients choose statistics bins, per table slot (T.81, F.1.4.4.1.4 and B.2.4.3).</summary>
internal sealed class ArithmeticConditioning
{
    /// <summary>L of DC tables: 0 by default.</summary>
    public byte[] Low { get; } = new byte[16];

    /// <summary>U of DC tables: 1 by default.</summary>
    public byte[] High { get; } = [.. Enumerable.Repeat((byte)1, 16)];

    /// <summary>Kx of AC tables: 5 by default.</summary>
    public byte[] Split { get; } = [.. Enumerable.Repeat((byte)5, 16)];

    /// <summary>Takes a DAC segment.</summary>
    /// <returns>Whether it is well-formed.</returns>
    public bool Define(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 2; payload = payload[2..])
        {
            int slot = payload[0], value = payload[1];
            if (slot >= 32 || (slot < 16 && (value & 15) > value >> 4))
                return false;
            if (slot >= 16)
                Split[slot - 16] = (byte)value;
            else
                (Low[slot], High[slot]) = ((byte)(value & 15), (byte)(value >> 4));
        }

        return payload.IsEmpty;
    }

    public ArithmeticConditioning Copy()
    {
        var copy = new ArithmeticConditioning();
        Low.CopyTo(copy.Low, 0);
        High.CopyTo(copy.High, 0);
        Split.CopyTo(copy.Split, 0);
        return copy;
    }
}

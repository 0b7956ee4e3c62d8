using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Unpress.Imaging.Jpeg;

/// <summary>Huffman-coded scans, sequential (T.81, F.2.2) and progressive (G.1.2, G.2).</summary>
internal sealed unsafe class HuffmanDecoder : EntropyDecoder
{
    private readonly JpegScan _scan;
    private readonly HuffmanTable?[] _dc, _ac;
    private readonly int[] _lastDc;
    private readonly Kind _kind;
    private ulong _bits;
    private int _count;
    private int _skippedBlocks;

    private enum Kind
    {
        Sequential,
        FirstDc,
        RefineDc,
        FirstAc,
        RefineAc,
    }

    /// <param name="dc">Table of each plane of the scan; needed unless a progressive scan has no first DC.</param>
    /// <param name="ac">Table of each plane of the scan; needed unless a progressive scan has DC only.</param>
    public HuffmanDecoder(byte* start, byte* end, JpegScan scan, bool progressive, HuffmanTable?[] dc, HuffmanTable?[] ac)
        : base(start, end)
    {
        (_scan, _dc, _ac) = (scan, dc, ac);
        _lastDc = new int[scan.Components.Length];
        _kind = (progressive, scan.First == 0, scan.High == 0) switch
        {
            (false, _, _) => Kind.Sequential,
            (true, true, true) => Kind.FirstDc,
            (true, true, false) => Kind.RefineDc,
            (true, false, true) => Kind.FirstAc,
            _ => Kind.RefineAc,
        };
    }

    public override void Decode(Span<short> block, int slot)
    {
        switch (_kind)
        {
            case Kind.Sequential:
                DecodeWhole(block, slot);
                break;
            case Kind.FirstDc:
                block[0] = (short)(NextDc(slot) << _scan.Low);
                break;
            case Kind.RefineDc:
                Fill();
                if (Take(1) != 0)
                    block[0] |= (short)(1 << _scan.Low);
                break;
            case Kind.FirstAc:
                DecodeAc(block);
                break;
            default:
                RefineAc(block);
                break;
        }
    }

    protected override void Reset()
    {
        (_bits, _count, _skippedBlocks) = (0, 0, 0);
        Array.Clear(_lastDc);
    }

    private void DecodeWhole(Span<short> block, int slot)
    {
        block[0] = (short)NextDc(slot);
        HuffmanTable table = _ac[slot]!;
        int[] values = table.Values;
        // In registers while codes are short and come with their values.
        ulong bits = _bits;
        int count = _count;
        for (int k = 1; k < 64; k++)
        {
            if (count < 32)
            {
                (_bits, _count) = (bits, count);
                FillSlowly();
                (bits, count) = (_bits, _count);
            }

            int known = values[(int)(bits >> (64 - HuffmanTable.LookBits))];
            if (known != 0)
            {
                int length = known & 255;
                bits <<= length;
                if ((count -= length) < 0)
                    throw EntropyException.CutOff();
                k += (known >> 8) & 255;
                block[Order[k]] = (short)(known >> 16);
                continue;
            }

            (_bits, _count) = (bits, count);
            int symbol = Symbol(table), size = symbol & 15;
            k += symbol >> 4;
            if (size > 0)
                block[Order[k]] = (short)Value(size);
            else if (symbol != 0xF0)
                return;
            (bits, count) = (_bits, _count);
        }

        (_bits, _count) = (bits, count);
    }

    private int NextDc(int slot)
    {
        Fill();
        int size = Symbol(_dc[slot]!);
        if (size > 0)
            _lastDc[slot] += Value(size);
        return _lastDc[slot];
    }

    private void DecodeAc(Span<short> block)
    {
        if (_skippedBlocks > 0)
        {
            _skippedBlocks--;
            return;
        }

        HuffmanTable table = _ac[0]!;
        for (int k = _scan.First; k <= _scan.Last; k++)
        {
            Fill();
            int symbol = Symbol(table), run = symbol >> 4, size = symbol & 15;
            if (size > 0)
            {
                k += run;
                block[Order[k]] = (short)(Value(size) << _scan.Low);
            }
            else if (run == 15)
            {
                k += 15;
            }
            else
            {
                _skippedBlocks = (1 << run) - 1 + Take(run);
                break;
            }
        }
    }

    private void RefineAc(Span<short> block)
    {
        int k = _scan.First;
        short plus = (short)(1 << _scan.Low), minus = (short)(-1 << _scan.Low);
        if (_skippedBlocks == 0)
        {
            for (; k <= _scan.Last; k++)
            {
                Fill();
                int symbol = Symbol(_ac[0]!), run = symbol >> 4, size = symbol & 15;
                short value = 0;
                if (size > 1)
                    throw EntropyException.BadCode();
                if (size == 1)
                {
                    value = Take(1) != 0 ? plus : minus;
                }
                else if (run != 15)
                {
                    _skippedBlocks = (1 << run) + Take(run);
                    break;
                }

                // Known coefficients get a bit each and do not count in the run of zeros.
                for (; k <= _scan.Last; k++)
                {
                    ref short coefficient = ref block[Order[k]];
                    if (coefficient != 0)
                        Refine(ref coefficient, plus, minus);
                    else if (--run < 0)
                        break;
                }

                if (value != 0)
                    block[Order[k]] = value;
            }
        }

        if (_skippedBlocks == 0)
            return;
        for (; k <= _scan.Last; k++)
        {
            ref short coefficient = ref block[Order[k]];
            if (coefficient != 0)
                Refine(ref coefficient, plus, minus);
        }

        _skippedBlocks--;
    }

    private void Refine(ref short coefficient, short plus, short minus)
    {
        Fill();
        if (Take(1) != 0 && (coefficient & plus) == 0)
            coefficient += coefficient >= 0 ? plus : minus;
    }

    /// <summary>The symbol of the next code. There must be 16 bits or the end of the data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Symbol(HuffmanTable table)
    {
        int known = table.Short[(int)(_bits >> (64 - HuffmanTable.LookBits))];
        if (known == 0)
            return LongSymbol(table);
        Drop(known >> 8);
        return known & 255;
    }

    private int LongSymbol(HuffmanTable table)
    {
        int symbol = table.Find((int)(_bits >> 48), out int length);
        if (length > 16)
            throw _count >= 16 ? EntropyException.BadCode() : EntropyException.CutOff();
        Drop(length);
        return symbol;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Value(int size) => HuffmanTable.Extend(Take(size), size);

    /// <summary>0–16 bits as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Take(int count)
    {
        int bits = (int)(_bits >> 1 >> (63 - count));
        Drop(count);
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drop(int count)
    {
        _bits <<= count;
        if ((_count -= count) < 0)
            throw EntropyException.CutOff();
    }

    /// <summary>Makes sure that 32 bits are there, or all that are left before the next marker, and zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill()
    {
        if (_count < 32)
            FillSlowly();
    }

    private void FillSlowly()
    {
        byte* next = Next;
        if (End - next >= 4)
        {
            // No 0xFF among the next four bytes: all of them at once.
            uint four = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(next));
            if (((~four - 0x01010101u) & four & 0x80808080u) == 0)
            {
                _bits |= (ulong)four << (32 - _count);
                _count += 32;
                Next = next + 4;
                return;
            }
        }

        while (_count <= 56 && NextByte() is var value and >= 0)
        {
            _bits |= (ulong)value << (56 - _count);
            _count += 8;
        }
    }
}

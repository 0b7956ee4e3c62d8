using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>Entropy-codes one scan at a time, by the letter of ITU-T T.81 F.1.2 and G.1.2.</summary>
internal sealed class MadeScanWriter(List<byte> bytes, bool progressive, int restartInterval)
{
    private readonly List<int> _corrections = [];
    private MadeCode _dc = null!, _ac = null!;
    private int _first, _last, _high, _low, _bits, _count, _units, _endOfBand;
    private int[] _lastDc = [];

    public void Begin(MadeCode dc, MadeCode ac, int first, int last, int high, int low, int planes)
    {
        (_dc, _ac, _first, _last, _high, _low) = (dc, ac, first, last, high, low);
        (_lastDc, _units) = (new int[planes], 0);
    }

    public void Unit((int Slot, short[] Block)[] blocks)
    {
        if (restartInterval > 0 && _units > 0 && _units % restartInterval == 0)
        {
            Flush();
            bytes.AddRange([0xFF, (byte)(0xD0 + ((_units / restartInterval - 1) & 7))]);
            Array.Clear(_lastDc);
        }

        _units++;
        foreach ((int slot, short[] block) in blocks)
            Block(block, slot);
    }

    public void End() => Flush();

    private void Block(short[] block, int slot)
    {
        if (!progressive)
        {
            Dc(block[0], slot);
            WholeAc(block);
        }
        else if (_first == 0 && _high == 0)
        {
            Dc(block[0] >> _low, slot);
        }
        else if (_first == 0)
        {
            Put((block[0] >> _low) & 1, 1);
        }
        else if (_high == 0)
        {
            FirstAc(block);
        }
        else
        {
            RefineAc(block);
        }
    }

    private void Dc(int value, int slot)
    {
        int difference = value - _lastDc[slot];
        _lastDc[slot] = value;
        Code(_dc, Size(difference));
        Value(difference);
    }

    private void WholeAc(short[] block)
    {
        int run = 0;
        for (int k = 1; k < 64; k++)
        {
            int value = block[StandardTables.NaturalOrder[k]];
            if (value == 0)
            {
                run++;
                continue;
            }

            for (; run > 15; run -= 16)
                Code(_ac, 0xF0);
            Code(_ac, (run << 4) | Size(value));
            Value(value);
            run = 0;
        }

        if (run > 0)
            Code(_ac, 0);
    }

    private void FirstAc(short[] block)
    {
        int run = 0;
        for (int k = _first; k <= _last; k++)
        {
            int value = Point(block[StandardTables.NaturalOrder[k]]);
            if (value == 0)
            {
                run++;
                continue;
            }

            EndOfBand();
            for (; run > 15; run -= 16)
                Code(_ac, 0xF0);
            Code(_ac, (run << 4) | Size(value));
            Value(value);
            run = 0;
        }

        if (run > 0)
            CountEndOfBand();
    }

    private void RefineAc(short[] block)
    {
        int lastNew = _last;
        while (lastNew >= _first && Math.Abs(Point(block[StandardTables.NaturalOrder[lastNew]])) != 1)
            lastNew--;
        int run = 0, k = _first;
        List<int> corrections = [];
        for (; k <= lastNew; k++)
        {
            int value = Point(block[StandardTables.NaturalOrder[k]]), magnitude = Math.Abs(value);
            if (magnitude > 1)
            {
                corrections.Add(magnitude & 1);
                continue;
            }

            if (magnitude == 0 && ++run < 16)
                continue;
            // Sixteen zeros, or a new coefficient: the bits of the known ones between follow the code.
            EndOfBand();
            Code(_ac, magnitude == 0 ? 0xF0 : (run << 4) | 1);
            if (magnitude == 1)
                Put(value > 0 ? 1 : 0, 1);
            Corrections(corrections);
            run = 0;
        }

        bool open = run > 0 || k <= _last;
        for (; k <= _last; k++)
        {
            int magnitude = Math.Abs(Point(block[StandardTables.NaturalOrder[k]]));
            if (magnitude > 1)
                corrections.Add(magnitude & 1);
        }

        if (!open)
            return;
        _corrections.AddRange(corrections);
        CountEndOfBand();
    }

    private void CountEndOfBand()
    {
        if (++_endOfBand == 0x7FFF)
            EndOfBand();
    }

    private void EndOfBand()
    {
        if (_endOfBand == 0)
            return;
        int size = Size(_endOfBand) - 1;
        Code(_ac, size << 4);
        Put(_endOfBand & ((1 << size) - 1), size);
        _endOfBand = 0;
        Corrections(_corrections);
    }

    private void Corrections(List<int> bits)
    {
        foreach (int bit in bits)
            Put(bit, 1);
        bits.Clear();
    }

    /// <summary>The point transform of AC coefficients: division by a power of two, towards zero.</summary>
    private int Point(int value) => value / (1 << _low);

    private static int Size(int value) => value == 0 ? 0 : 1 + Size(Math.Abs(value) / 2);

    private void Code(MadeCode code, int symbol) => Put(code.Of(symbol).Code, code.Of(symbol).Length);

    private void Value(int value)
    {
        int size = Size(value);
        Put(value < 0 ? value + (1 << size) - 1 : value, size);
    }

    private void Put(int value, int size)
    {
        for (int bit = size - 1; bit >= 0; bit--)
        {
            _bits = (_bits << 1) | ((value >> bit) & 1);
            if (++_count < 8)
                continue;
            bytes.Add((byte)_bits);
            if ((byte)_bits == 0xFF)
                bytes.Add(0);
            (_bits, _count) = (0, 0);
        }
    }

    private void Flush()
    {
        EndOfBand();
        while (_count > 0)
            Put(1, 1);
    }
}

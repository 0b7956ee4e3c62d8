namespace Unpress.Imaging.Jpeg;

/// <summary>
/// A Huffman table as a file holds it: how many codes there are of each length, and their symbols in the order of the codes
/// (ITU-T T.81, Annex C), with what decoding needs.
/// </summary>
internal sealed class HuffmanTable
{
    /// <summary>Bits that one look-up sees.</summary>
    public const int LookBits = 10;

    private readonly int[] _limits = new int[18], _offsets = new int[17];

    /// <param name="counts">16 numbers of codes of 1–16 bits, at most 256 together.</param>
    /// <param name="symbols">As many symbols.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        Counts = counts.ToArray();
        Symbols = symbols.ToArray();
        Codes = new ushort[symbols.Length];
        Lengths = new byte[symbols.Length];
        int code = 0, at = 0;
        for (int length = 1; length <= 16; length++)
        {
            _offsets[length] = at - code;
            for (int i = 0; i < counts[length - 1]; i++, at++, code++)
            {
                Codes[at] = (ushort)code;
                Lengths[at] = (byte)length;
            }

            // The code of all ones may not be used; libjpeg refuses a table with it as soon as a scan needs the table.
            IsValid &= code < 1 << length || at == 0;
            _limits[length] = counts[length - 1] > 0 ? code << (16 - length) : length == 1 ? 0 : _limits[length - 1];
            code <<= 1;
        }

        _limits[17] = int.MaxValue;
        if (IsValid)
            FillLookUp();
    }

    public byte[] Counts { get; }

    public byte[] Symbols { get; }

    /// <summary>The code of each symbol, in the order of <see cref="Symbols"/>.</summary>
    public ushort[] Codes { get; }

    /// <summary>The bits of each code.</summary>
    public byte[] Lengths { get; }

    /// <summary>Whether the codes fit their lengths.</summary>
    public bool IsValid { get; } = true;

    /// <summary>For each possible 10 bits that come next: length of the code · 256 + its symbol, or 0 where the code is longer.</summary>
    public ushort[] Short { get; } = new ushort[1 << LookBits];

    /// <summary>
    /// For each possible 10 bits that come next, where code and value both lie in them: value · 65536 + run of zeros · 256 + bits of
    /// both together; else 0. For AC coefficients.
    /// </summary>
    public int[] Values { get; } = new int[1 << LookBits];

    public bool IsForDc => IsValid && !Symbols.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)15);

    /// <summary>Finds a code among the next bits.</summary>
    /// <param name="bits">The next 16 bits.</param>
    /// <param name="length">Its length; more than 16 where no code begins so.</param>
    public int Find(int bits, out int length)
    {
        length = LookBits + 1;
        while (bits >= _limits[length])
            length++;
        if (length > 16)
            return 0;
        return Symbols[(bits >> (16 - length)) + _offsets[length]];
    }

    private void FillLookUp()
    {
        for (int i = 0; i < Symbols.Length && Lengths[i] <= LookBits; i++)
        {
            int spare = LookBits - Lengths[i], first = Codes[i] << spare;
            Short.AsSpan(first, 1 << spare).Fill((ushort)((Lengths[i] << 8) | Symbols[i]));
            int size = Symbols[i] & 15, run = Symbols[i] >> 4;
            if (size == 0 || size > spare)
                continue;
            for (int bits = 0; bits < 1 << size; bits++)
            {
                int value = Extend(bits, size), free = spare - size;
                Values.AsSpan(first + (bits << free), 1 << free).Fill((value << 16) | (run << 8) | (Lengths[i] + size));
            }
        }
    }

    /// <summary>The value of bits after a code of that size (T.81, F.2.2.1): where the first is 0, the value is negative.</summary>
    public static int Extend(int bits, int size)
    {
        int negative = (bits - (1 << (size - 1))) >> 31; // no branch: signs cannot be predicted
        return bits + (negative & ((-1 << size) + 1));
    }

    public static HuffmanTable LumaDc { get; } = new(
        [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    public static HuffmanTable ChromaDc { get; } = new(
        [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    public static HuffmanTable LumaAc { get; } = new(
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D],
        [
            0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
            0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72,
            0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37,
            0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59,
            0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
            0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3,
            0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
            0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
            0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
        ]);

    public static HuffmanTable ChromaAc { get; } = new(
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
        [
            0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
            0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1,
            0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x35, 0x36,
            0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
            0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A,
            0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A,
            0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA,
            0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
            0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
        ]);
}

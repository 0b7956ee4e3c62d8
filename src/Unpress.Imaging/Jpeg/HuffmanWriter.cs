using System.Buffers.Binary;

namespace Unpress.Imaging.Jpeg;

/// <summary>The standard Huffman tables by symbol, for writing.</summary>
internal sealed class HuffmanCodes
{
    private HuffmanCodes(HuffmanTable table)
    {
        for (int i = 0; i < table.Symbols.Length; i++)
            (Codes[table.Symbols[i]], Lengths[table.Symbols[i]]) = (table.Codes[i], table.Lengths[i]);
    }

    public ushort[] Codes { get; } = new ushort[256];

    public byte[] Lengths { get; } = new byte[256];

    public static HuffmanCodes LumaDc { get; } = new(HuffmanTable.LumaDc);

    public static HuffmanCodes LumaAc { get; } = new(HuffmanTable.LumaAc);

    public static HuffmanCodes ChromaDc { get; } = new(HuffmanTable.ChromaDc);

    public static HuffmanCodes ChromaAc { get; } = new(HuffmanTable.ChromaAc);
}

/// <summary>A growing JPEG in memory: segments, then one scan of codes.</summary>
internal sealed class HuffmanWriter
{
    private byte[] _bytes = new byte[4096];
    private int _length;
    private ulong _bits;
    private int _count;

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Segment(byte marker, ReadOnlySpan<byte> payload)
    {
        int length = payload.Length + 2;
        Bytes([0xFF, marker, (byte)(length >> 8), (byte)length]);
        Bytes(payload);
    }

    /// <summary>Makes room for that many bytes, stuffed zeros included.</summary>
    public void Reserve(int count)
    {
        if (_bytes.Length - _length >= count)
            return;
        long wanted = Math.Max(2L * _bytes.Length, (long)_length + count);
        Array.Resize(ref _bytes, (int)Math.Min(wanted, Array.MaxLength));
    }

    /// <summary>The code of a symbol and behind it the bits of a value (T.81, F.1.2.1); room must be reserved.</summary>
    /// <param name="size">Bits of the value, 0–15.</param>
    public void Code(HuffmanCodes table, int symbol, int value, int size)
    {
        uint tail = (uint)(value + (value >> 31)) & ((1u << size) - 1);
        int length = table.Lengths[symbol] + size;
        _bits = (_bits << length) | ((ulong)table.Codes[symbol] << size) | tail;
        _count += length;
        if (_count >= 32)
            Flush();
    }

    /// <summary>Fills the last byte with ones, ends the file and gives it away.</summary>
    public byte[] Finish()
    {
        Reserve(16);
        int fill = -_count & 7;
        _bits = (_bits << fill) | ((1u << fill) - 1);
        _count += fill;
        for (; _count > 0; _count -= 8)
            Stuffed((byte)(_bits >> (_count - 8)));
        Bytes([0xFF, JpegSegment.EndOfImage]);
        return _bytes.AsSpan(0, _length).ToArray();
    }

    private void Flush()
    {
        uint four = (uint)(_bits >> (_count - 32));
        _count -= 32;
        if (((~four - 0x01010101u) & four & 0x80808080u) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(_length), four);
            _length += 4;
            return;
        }

        for (int shift = 24; shift >= 0; shift -= 8)
            Stuffed((byte)(four >> shift));
    }

    private void Stuffed(byte value)
    {
        _bytes[_length++] = value;
        if (value == 0xFF)
            _bytes[_length++] = 0;
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Unpress.Imaging.Jpeg;

/// <summary>The standard Huffman tables of a kind of plane by symbol, for writing: code · 256 + its bits.</summary>
internal sealed class HuffmanCodes(HuffmanTable dc, HuffmanTable ac)
{
    public uint[] Dc { get; } = BySymbol(dc);

    public uint[] Ac { get; } = BySymbol(ac);

    public static HuffmanCodes Luma { get; } = new(HuffmanTable.LumaDc, HuffmanTable.LumaAc);

    public static HuffmanCodes Chroma { get; } = new(HuffmanTable.ChromaDc, HuffmanTable.ChromaAc);

    private static uint[] BySymbol(HuffmanTable table)
    {
        uint[] codes = new uint[256];
        for (int i = 0; i < table.Symbols.Length; i++)
            codes[table.Symbols[i]] = ((uint)table.Codes[i] << 8) | table.Lengths[i];
        return codes;
    }
}

/// <summary>A growing JPEG in memory: segments, then one scan of codes.</summary>
internal sealed class HuffmanWriter
{
    // 64 coefficients of at most 16 + 11 bits, each byte perhaps 0xFF.
    private const int LargestBlock = 512;

    private byte[] _bytes = new byte[4096];
    private int _length;
    private BitBuffer _bits = new() { Free = 64 };

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

    /// <summary>A block of a sequential scan (T.81, F.1.2).</summary>
    /// <param name="block">64 levels, natural order.</param>
    /// <param name="difference">From the DC level of the block before.</param>
    /// <param name="nonZero">A bit for each zigzag position with a level that is not 0.</param>
    public void Block(ReadOnlySpan<short> block, int difference, ulong nonZero, HuffmanCodes codes)
    {
        Reserve(LargestBlock);
        BitBuffer bits = _bits;
        ref byte target = ref _bytes[0];
        int length = _length;
        uint[] ac = codes.Ac;
        int size = Size(difference);
        length += bits.Put(codes.Dc[size], difference, size, ref Unsafe.Add(ref target, length));
        int next = 1;
        for (ulong left = nonZero & ~1UL; left != 0; left &= left - 1)
        {
            int k = BitOperations.TrailingZeroCount(left), run = k - next;
            next = k + 1;
            for (; run > 15; run -= 16)
                length += bits.Put(ac[0xF0], 0, 0, ref Unsafe.Add(ref target, length));
            int level = block[StandardTables.NaturalOrder[k]];
            size = Size(level);
            length += bits.Put(ac[(run << 4) | size], level, size, ref Unsafe.Add(ref target, length));
        }

        if (next < 64)
            length += bits.Put(ac[0], 0, 0, ref Unsafe.Add(ref target, length));
        _bits = bits;
        _length = length;
    }

    /// <summary>Fills the last byte with ones, ends the file and gives it away.</summary>
    public byte[] Finish()
    {
        Reserve(LargestBlock);
        int count = 64 - _bits.Free, fill = -count & 7;
        ulong bits = (_bits.Bits << fill) | ((1u << fill) - 1);
        for (count += fill; count > 0; count -= 8)
            _length += BitBuffer.Stuffed((byte)(bits >> (count - 8)), ref _bytes[_length]);
        Bytes([0xFF, JpegSegment.EndOfImage]);
        return _bytes.AsSpan(0, _length).ToArray();
    }

    // Without a branch: signs cannot be predicted.
    private static int Size(int value)
    {
        int sign = value >> 31;
        return 32 - BitOperations.LeadingZeroCount((uint)((value ^ sign) - sign));
    }

    /// <summary>Makes room for that many bytes, stuffed zeros included.</summary>
    private void Reserve(int count)
    {
        if (_bytes.Length - _length >= count)
            return;
        long wanted = Math.Max(2L * _bytes.Length, (long)_length + count);
        Array.Resize(ref _bytes, (int)Math.Min(wanted, Array.MaxLength));
    }

    /// <summary>Up to 64 bits that wait to be written. A value, so that a block keeps it in registers.</summary>
    private struct BitBuffer
    {
        public ulong Bits;
        public int Free;

        /// <summary>A code and behind it the bits of a value, 0–15 of them.</summary>
        /// <returns>How many bytes were written to the target: 0, or 8–16.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Put(uint code, int value, int size, ref byte target)
        {
            uint bits = ((code >> 8) << size) | ((uint)(value + (value >> 31)) & ((1u << size) - 1));
            int length = (int)(code & 255) + size;
            Free -= length;
            if (Free >= 0)
            {
                Bits = (Bits << length) | bits;
                return 0;
            }

            ulong full = (Bits << (length + Free)) | (bits >> -Free);
            Bits = bits;
            Free += 64;
            return Write(full, ref target);
        }

        public static int Stuffed(byte value, ref byte target)
        {
            target = value;
            if (value != 0xFF)
                return 1;
            Unsafe.Add(ref target, 1) = 0;
            return 2;
        }

        private static int Write(ulong eight, ref byte target)
        {
            // No 0xFF among the bytes: all of them at once.
            if (((~eight - 0x0101010101010101UL) & eight & 0x8080808080808080UL) == 0)
            {
                Unsafe.WriteUnaligned(ref target, BinaryPrimitives.ReverseEndianness(eight));
                return 8;
            }

            int length = 0;
            for (int shift = 56; shift >= 0; shift -= 8)
                length += Stuffed((byte)(eight >> shift), ref Unsafe.Add(ref target, length));
            return length;
        }
    }
}

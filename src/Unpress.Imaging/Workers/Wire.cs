using System.Buffers.Binary;
using System.Text;

namespace Unpress.Imaging.Workers;

/// <summary>Numbers, texts and blocks of bytes into a pipe, least significant byte first.</summary>
internal sealed class WireWriter(Stream stream)
{
    public void Number(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    public void Real(double value) => Number(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Null is another thing than nothing.</summary>
    public void Block(byte[]? bytes)
    {
        Number(bytes?.LongLength ?? -1);
        stream.Write(bytes);
    }

    public void Text(string? text) => Block(text is null ? null : Encoding.UTF8.GetBytes(text));

    public void Flush() => stream.Flush();
}

/// <summary>The other end. Who writes may have been taken over by a hostile file: nothing is believed, least of all a length.</summary>
internal sealed class WireReader(Stream stream)
{
    /// <summary>Of metadata and messages.</summary>
    private const int MostText = 1 << 20;

    /// <exception cref="EndOfStreamException">The other end is gone.</exception>
    public long Number()
    {
        Span<byte> bytes = stackalloc byte[8];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <exception cref="InvalidDataException">Outside the range.</exception>
    public int Number(int least, int most)
    {
        long value = Number();
        return value >= least && value <= most ? (int)value : throw new InvalidDataException($"{value} where {least} to {most} was expected");
    }

    public bool Flag() => Number(0, 1) == 1;

    public double Real() => BitConverter.Int64BitsToDouble(Number());

    /// <exception cref="InvalidDataException">Longer than <paramref name="most"/>.</exception>
    public byte[]? Block(int most)
    {
        int length = Number(-1, most);
        if (length < 0)
            return null;
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public string? Text() => Block(MostText) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>So many bytes, straight to where they belong.</summary>
    public void Fill(byte[] target) => stream.ReadExactly(target);
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Unpress.Training.Logging;

/// <summary>The four kinds of protobuf field that TensorBoard's events need.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public ProtoWriter Varint(int field, long value)
    {
        Raw((ulong)field << 3);
        Raw((ulong)value);
        return this;
    }

    public ProtoWriter Double(int field, double value)
    {
        Raw(((ulong)field << 3) | 1);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Raw(((ulong)field << 3) | 5);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public ProtoWriter Block(int field, ReadOnlySpan<byte> value)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    private void Raw(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes.GetSpan(1)[0] = (byte)(value | 0x80);
            _bytes.Advance(1);
            value >>= 7;
        }

        _bytes.GetSpan(1)[0] = (byte)value;
        _bytes.Advance(1);
    }
}

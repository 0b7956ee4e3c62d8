using Google.Protobuf;
using Unpress.Onnx.Schema;

namespace Unpress.Onnx;

/// <summary>Reads the metadata of a model file and jumps over everything else.</summary>
internal static class MetadataReader
{
    private const int LengthDelimited = 2;

    /// <exception cref="InvalidDataException">Truncated, or not the format.</exception>
    public static List<StringStringEntryProto> Read(FileStream stream)
    {
        var found = new List<StringStringEntryProto>();
        while (stream.Position < stream.Length)
        {
            ulong tag = Varint(stream);
            switch (tag & 7)
            {
                case 0:
                    Varint(stream);
                    break;
                case 1:
                    Skip(stream, 8);
                    break;
                case LengthDelimited:
                    ulong length = Varint(stream);
                    if (tag >> 3 == ModelProto.MetadataPropsFieldNumber)
                        found.Add(StringStringEntryProto.Parser.ParseFrom(Take(stream, length)));
                    else
                        Skip(stream, length);
                    break;
                case 5:
                    Skip(stream, 4);
                    break;
                default:
                    throw new InvalidDataException("a field of no known kind");
            }
        }

        return found;
    }

    private static byte[] Take(FileStream stream, ulong length)
    {
        Demand(stream, length);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void Skip(FileStream stream, ulong length)
    {
        Demand(stream, length);
        stream.Seek((long)length, SeekOrigin.Current);
    }

    private static void Demand(FileStream stream, ulong length)
    {
        if (length > (ulong)(stream.Length - stream.Position))
            throw new InvalidDataException("a field reaches beyond the end");
    }

    private static ulong Varint(FileStream stream)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = stream.ReadByte();
            if (next < 0)
                break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("a number without end");
    }
}

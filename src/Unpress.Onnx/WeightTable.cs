using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Unpress.Onnx.Schema;

namespace Unpress.Onnx;

/// <summary>A weight of a model: row-major, little-endian.</summary>
public sealed record OnnxWeight(string Name, ElementType Type, long[] Shape, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The trained numbers of a model by name. Those of ours have the names of the network's own weight file; the graph's other constants have
/// names that begin with a slash.
/// </summary>
public static class WeightTable
{
    /// <summary>What the names of constants that are no weights begin with.</summary>
    public const char ConstantPrefix = '/';

    /// <summary>All weights, in the file's order.</summary>
    /// <exception cref="OnnxFileException">Some lie in another file, or are of a type that weights do not have.</exception>
    public static IReadOnlyList<OnnxWeight> Read(OnnxFile file)
        => [.. file.Model.Graph.Initializer.Where(IsWeight).Select(tensor => new OnnxWeight(
            tensor.Name, (ElementType)tensor.DataType, [.. tensor.Dims], Raw(file.Path, tensor)))];

    /// <summary>
    /// SHA-256, lower-case hexadecimal, over the weights in ordinal order of their names: the name in UTF-8, a zero byte, the element type
    /// and each size as 64 bits little-endian, the stored bytes.
    /// </summary>
    public static string Hash(IEnumerable<OnnxWeight> weights)
    {
        using var hash = new Sha256();
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var weight in weights.OrderBy(weight => weight.Name, StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes(weight.Name));
            hash.Append([0]);
            foreach (long value in weight.Shape.Prepend((long)weight.Type))
            {
                BinaryPrimitives.WriteInt64LittleEndian(number, value);
                hash.Append(number);
            }

            hash.Append(weight.Bytes.Span);
        }

        return hash.Finish();
    }

    /// <summary>A weight as the format stores it.</summary>
    public static TensorProto ToProto(OnnxWeight weight)
    {
        var tensor = new TensorProto { Name = weight.Name, DataType = (int)weight.Type };
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(weight.Bytes);
        tensor.Dims.AddRange(weight.Shape);
        return tensor;
    }

    private static bool IsWeight(TensorProto tensor) => !tensor.Name.StartsWith(ConstantPrefix);

    private static ReadOnlyMemory<byte> Raw(string path, TensorProto tensor)
    {
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            throw new OnnxFileException(path, $"its tensor '{tensor.Name}' lies in another file; weights are read from single files only");
        if (tensor.HasRawData)
            return tensor.RawData.Memory;
        return (ElementType)tensor.DataType switch
        {
            ElementType.Float => Bytes<float>([.. tensor.FloatData]),
            ElementType.Double => Bytes<double>([.. tensor.DoubleData]),
            ElementType.Int64 => Bytes<long>([.. tensor.Int64Data]),
            ElementType.Int32 => Bytes<int>([.. tensor.Int32Data]),
            ElementType.Float16 or ElementType.BFloat16 => Bytes<ushort>([.. tensor.Int32Data.Select(value => (ushort)value)]),
            _ => throw new OnnxFileException(path, $"its tensor '{tensor.Name}' is of a type that weights do not have"),
        };
    }

    private static byte[] Bytes<T>(T[] values) where T : struct => MemoryMarshal.AsBytes<T>(values).ToArray();
}

using Google.Protobuf;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using static Unpress.Tests.Models.OnnxGraphs;

namespace Unpress.Tests.Models;

/// <summary>
/// Model files that are nearly right: a valid one changed in one to three places. The changes follow from a number, so that each can be made again.
/// A third changes bytes of the file; the others change the graph and leave it a file that can be parsed.
/// </summary>
internal static partial class OnnxMutations
{
    private static readonly long[] Numbers =
    [
        long.MinValue, long.MinValue + 1, int.MinValue, -(1L << 33), -64, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 8, 64, 255, 4096, 1 << 20, int.MaxValue, 1L << 32,
        1L << 33, 1L << 62, long.MaxValue,
    ];

    private static readonly float[] Fractions = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e-45f, 1e-30f, 1e30f, -1e38f, 2.5f];

    private static readonly string[] Operators =
    [
        "Add", "And", "ArgMax", "AveragePool", "BatchNormalization", "Cast", "Ceil", "Clip", "Compress", "Concat", "ConcatFromSequence",
            "ConstantOfShape", "Conv",
        "ConvInteger", "ConvTranspose", "CumSum", "DepthToSpace", "DequantizeLinear", "Div", "Dropout", "Einsum", "Equal", "Expand",
            "EyeLike", "Flatten", "GRU",
        "Gather", "GatherElements", "GatherND", "Gemm", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "GridSample", "Hardmax",
            "Identity", "If", "InstanceNormalization",
        "LRN", "LSTM", "LpPool", "MatMul", "MatMulInteger", "MaxPool", "MaxRoiPool", "MaxUnpool", "Mod", "Multinomial", "NonMaxSuppression",
            "NonZero", "OneHot", "PRelu",
        "Pad", "Pow", "QLinearConv", "QuantizeLinear", "RNN", "RandomNormalLike", "Range", "ReduceL2", "ReduceMax", "ReduceMean",
            "ReduceSum", "Reshape", "Resize",
        "ReverseSequence", "RoiAlign", "ScatterElements", "ScatterND", "SequenceAt", "SequenceConstruct", "Shape", "Size", "Slice",
            "Softmax", "SpaceToDepth", "Split",
        "SplitToSequence", "Squeeze", "StringNormalizer", "Sub", "Sum", "TfIdfVectorizer", "Tile", "TopK", "Transpose", "Trilu", "Unique",
            "Unsqueeze", "Upsample", "Where", "Xor",
    ];

    private static readonly string[] Domains = ["com.microsoft", "ai.onnx.ml", "com.microsoft.nchwc", "ai.onnx.training", "invented"];

    /// <param name="file">A valid model.</param>
    public static byte[] Make(byte[] file, int number)
    {
        var random = new Random(number);
        if (random.Next(3) == 0)
            return Bytes(file, random);
        var model = ModelProto.Parser.ParseFrom(file);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
            Change(model, random);
        return model.ToByteArray();
    }

    private static byte[] Bytes(byte[] file, Random random)
    {
        List<byte> bytes = [.. file];
        for (int changes = random.Next(1, 5); changes > 0 && bytes.Count > 8; changes--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 64), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes.RemoveRange(at, length); break;
                case 1: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 4: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
                default: bytes[at] = (byte)random.Next(256); break;
            }
        }

        return [.. bytes];
    }

    private static void Change(ModelProto model, Random random)
    {
        var graphs = Graphs(model.Graph).ToList();
        var graph = random.Next(4) == 0 ? graphs[random.Next(graphs.Count)] : model.Graph;
        if (graph.Node.Count == 0)
            graph = model.Graph;
        if (graph.Node.Count == 0)
            return;
        var node = Any(graph.Node, random);
        var tensors = graph.Initializer.Concat(graph.Node.SelectMany(one => one.Attribute).Where(one => one.T is not null).Select(one => one.T)).ToList();
        switch (random.Next(16))
        {
            case 0 or 1 when tensors.Count > 0: Tensor(Any(tensors, random), random); break;
            case 2 when tensors.FirstOrDefault(one => one.DataType == (int)ElementType.Int64) is not null:
                Integers(Any(tensors.Where(one => one.DataType == (int)ElementType.Int64).ToList(), random), random);
                break;
            case 3 or 4 or 5 when graph.Node.Where(one => one.Attribute.Count > 0).ToList() is { Count: > 0 } holders:
                var holder = Any(holders, random);
                Attribute(holder, Any(holder.Attribute, random), random);
                break;
            case 6: node.OpType = Any(Operators, random); break;
            case 7 or 8: Inputs(graph, node, random); break;
            case 9: node.Output.Add(random.Next(2) == 0 ? "" : $"more{random.Next(3)}"); break;
            case 10: graph.Node.Remove(node); break;
            case 11: (node.OpType, Any(graph.Node, random).OpType) = (Any(graph.Node, random).OpType, node.OpType); break;
            case 12: node.Domain = Any(Domains, random); break;
            case 13 when graph.Input.Count + graph.Output.Count > 0: Port(Any([.. graph.Input, .. graph.Output], random), random); break;
            case 14: model.OpsetImport[0].Version = random.Next(5, 28); break;
            default:
                if (random.Next(2) == 0)
                    model.IrVersion = random.Next(0, 16);
                else
                    node.Attribute.Add(new AttributeProto
                    {
                        Name = Any(Names, random),
                        Type = AttributeProto.Types.AttributeType.Int,
                        I = Any(Numbers, random),
                    });
                break;
        }
    }

    private static readonly string[] Names = ["axis", "group", "blocksize", "ceil_mode", "auto_pad", "keepdims", "to", "fmod",
        "storage_order", "hidden_size", "k", "training_mode"];

    private static void Tensor(TensorProto tensor, Random random)
    {
        switch (random.Next(5))
        {
            case 0 when tensor.Dims.Count > 1: // the same elements in another shape
                int a = random.Next(tensor.Dims.Count), b = random.Next(tensor.Dims.Count);
                (tensor.Dims[a], tensor.Dims[b]) = (tensor.Dims[b], tensor.Dims[a]);
                break;
            case 1 when tensor.Dims.Count > 0: // another shape, and the elements that it needs
                tensor.Dims[random.Next(tensor.Dims.Count)] = random.Next(0, 9);
                Fit(tensor);
                break;
            case 2:
                if (random.Next(2) == 0)
                    tensor.Dims.Add(1);
                else
                    tensor.Dims.Clear();
                Fit(tensor);
                break;
            case 3:
                tensor.DataType = random.Next(0, 24);
                Fit(tensor);
                break;
            default:
                byte[] values = tensor.RawData.ToByteArray();
                for (int at = random.Next(4) * sizeof(float); at + sizeof(float) <= values.Length; at += sizeof(float) * random.Next(1, 40))
                    BitConverter.TryWriteBytes(values.AsSpan(at), Any(Fractions, random));
                tensor.RawData = ByteString.CopyFrom(values);
                break;
        }
    }

    private static void Fit(TensorProto tensor)
    {
        long bytes = tensor.Dims.Aggregate((long)(((ElementType)tensor.DataType).Size() ?? 1), (product, size) => product * size);
        byte[] old = tensor.RawData.ToByteArray(), values = new byte[Math.Clamp(bytes, 0, 1 << 20)];
        old.AsSpan(0, Math.Min(old.Length, values.Length)).CopyTo(values);
        tensor.RawData = ByteString.CopyFrom(values);
    }

    private static void Integers(TensorProto tensor, Random random)
    {
        byte[] values = tensor.RawData.ToByteArray();
        if (values.Length >= sizeof(long))
            BitConverter.TryWriteBytes(values.AsSpan(random.Next(values.Length / sizeof(long)) * sizeof(long)), Any(Numbers, random));
        tensor.RawData = ByteString.CopyFrom(values);
    }

    private static void Attribute(NodeProto node, AttributeProto attribute, Random random)
    {
        switch (random.Next(8))
        {
            case 0: node.Attribute.Remove(attribute); break;
            case 1: attribute.Name = Any(Names, random); break;
            case 2: attribute.Type = (AttributeProto.Types.AttributeType)random.Next(0, 15); break;
            case 3 when attribute.Ints.Count > 0: attribute.Ints.RemoveAt(random.Next(attribute.Ints.Count)); break;
            case 4 when attribute.Ints.Count > 0: attribute.Ints.Add(Any(Numbers, random)); break;
            default:
                if (attribute.Ints.Count > 0)
                    attribute.Ints[random.Next(attribute.Ints.Count)] = Any(Numbers, random);
                else if (attribute.Type == AttributeProto.Types.AttributeType.Int)
                    attribute.I = Any(Numbers, random);
                else if (attribute.Type == AttributeProto.Types.AttributeType.Float)
                    attribute.F = Any(Fractions, random);
                else if (attribute.Type == AttributeProto.Types.AttributeType.String)
                    attribute.S = ByteString.CopyFromUtf8(
                        Any((string[])["", "reflect", "wrap", "SAME_UPPER", "VALID", "cubic", "tf_crop_and_resize", "\0"], random));
                break;
        }
    }

    private static void Inputs(GraphProto graph, NodeProto node, Random random)
    {
        string[] values = [.. graph.Input.Select(one => one.Name), .. graph.Initializer.Select(one => one.Name), .. graph.Node.SelectMany(one => one.Output)];
        int count = node.Input.Count, at = count == 0 ? 0 : random.Next(count);
        switch (random.Next(5))
        {
            case 0 when count > 0: node.Input.RemoveAt(at); break;
            case 1 when count > 0: node.Input[at] = ""; break;
            case 2: node.Input.Add(Any(values, random)); break;
            case 3 when count > 1: (node.Input[0], node.Input[at]) = (node.Input[at], node.Input[0]); break;
            default:
                if (count > 0)
                    node.Input[at] = Any(values, random);
                break;
        }
    }

    private static void Port(ValueInfoProto value, Random random)
    {
        if (value.Type?.TensorType?.Shape is not { } shape || random.Next(6) == 0)
        {
            value.Type = random.Next(2) == 0 ? null : new TypeProto();
            return;
        }

        if (random.Next(4) == 0)
            value.Type.TensorType.ElemType = random.Next(0, 24);
        else if (shape.Dim.Count > 0 && random.Next(4) > 0)
            shape.Dim[random.Next(shape.Dim.Count)] = new TensorShapeProto.Types.Dimension { DimValue = Any(Numbers, random) };
        else if (random.Next(3) == 0)
            value.Type.TensorType.Shape = null;
        else
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "more" });
    }

    private static IEnumerable<GraphProto> Graphs(GraphProto graph)
        => graph.Node.SelectMany(node => node.Attribute).Where(one => one.G is not null).SelectMany(one => Graphs(one.G)).Prepend(graph);

    private static T Any<T>(IList<T> list, Random random) => list[random.Next(list.Count)];
}

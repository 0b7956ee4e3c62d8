using System.Runtime.InteropServices;
using Google.Protobuf;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using static Unpress.Tests.Models.OnnxGraphs;

namespace Unpress.Tests.Models;

internal static partial class OnnxMutations
{
    /// <summary>A small valid model with the operators of picture networks, branches and a loop among them.</summary>
    public static byte[] Small()
    {
        var graph = new GraphProto { Name = "small" };
        graph.Input.Add(Value("x", ElementType.Float, "N", "3", "H", "W"));
        graph.Output.Add(Value("y", ElementType.Float, "N", "3", "H", "W"));
        graph.Initializer.Add([
            Weights("k1", 8, 3, 3, 3), Weights("kt", 8, 8, 2, 2), Weights("k2", 6, 4, 1, 1), Weights("k3", 3, 6, 3, 3), Weights("m", 3, 3),
                Weights("s", 8), Weights("b", 8),
            Weights("small", 1), Longs("two", 2), Longs("three", 3), Longs("four", 4), Longs("zeros", 0, 0), Longs("zero", 0),
                Longs("order", 2, 1, 0), Longs("flat", 0, 0, -1), Longs("ends", 1),
            Longs("parts", 2, 4), Longs("once", 1, 1, 1, 1), Floats("scales", [4], 1, 1, 1, 1),
                new TensorProto { Name = "trips", DataType = (int)ElementType.Int64, RawData = Raw(3) },
        ]);
        graph.Node.Add([
            Node("Shape", "x", "/shape"), Node("Slice", "/shape two four", "/size"), Node("Neg", "/size", "/minus"), Node("Mod", "/minus four", "/missing"),
            Node("Div", "/size two", "/half"), Node("Concat", "zeros zeros zeros /missing", "/pads", Number("axis", 0)), Node(
                "Pad", "x /pads", "/padded", Text("mode", "edge")),
            Node("Conv", "/padded k1", "/c1", Numbers("kernel_shape", 3, 3), Numbers("pads", 1, 1, 1, 1), Numbers("strides", 2, 2), Numbers("dilations", 1, 1)),
            Node("InstanceNormalization", "/c1 s b", "/in", Fraction("epsilon", 1e-5f)), Node("LeakyRelu", "/in", "/l", Fraction("alpha", 0.1f)),
            Node("MaxPool", "/l", "/mp", Numbers("kernel_shape", 3, 3), Numbers("pads", 1, 1, 1, 1)),
            Node("AveragePool", "/mp", "/ap", Numbers("kernel_shape", 3, 3), Numbers("pads", 1, 1, 1, 1), Number("count_include_pad", 1)),
            Node("ConvTranspose", "/ap kt", "/ct", Numbers("kernel_shape", 2, 2), Numbers("strides", 2, 2)),
            Node("SpaceToDepth", "/ct", "/sd", Number("blocksize", 2)), Node("DepthToSpace", "/sd", "/ds", Number("blocksize", 2), Text("mode", "DCR")),
            Node("Conv", "/ds k2", "/c2", Number("group", 2)), Split("/c2 parts", "/p1", "/p2"), Node("Concat", "/p2 /p1", "/c", Number("axis", 1)),
            Node("Softmax", "/c", "/sm", Number("axis", 1)), Node("Conv", "/sm k3", "/c3", Text("auto_pad", "SAME_UPPER")),
            Node("Transpose", "/c3", "/nhwc", Numbers("perm", 0, 2, 3, 1)), Node("MatMul", "/nhwc m", "/mm"), Node(
                "Transpose", "/mm", "/nchw", Numbers("perm", 0, 3, 1, 2)),
            Node("Gather", "/nchw order", "/g", Number("axis", 1)), Node("Resize", "/g  scales", "/r", Text("mode", "linear")),
            Node("Shape", "/r", "/rs"), Node("Reshape", "/r flat", "/flat"), Node("Reshape", "/flat /rs", "/back"), Node("Tile", "/back once", "/tiled"),
            Node("ReduceMean", "/tiled", "/mean", Numbers("axes", 1, 2, 3), Number("keepdims", 0)), Node("Squeeze", "/mean zero", "/scalar"),
            Node("Greater", "/scalar small", "/is"), Node("Squeeze", "/is zero", "/cond"),
            Node("If", "/cond", "/if", Inner("then_branch", Branch("Tanh")), Inner("else_branch", Branch("Sigmoid"))),
            Node("ConstantOfShape", "/rs", "/ones",
                new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = Floats("", [1], 1) }),
            Node("Mul", "/if /ones", "/product"), Node("Loop", "trips /cond /product", "/loop", Inner("body", Body())),
            Node("Slice", "/loop zeros /size axes", "/cut"), Node("Mul", "/cut small", "/step"), Node("Clip", "/step", "/clipped"), Node(
                "Add", "x /clipped", "y"),
        ]);
        graph.Initializer.Add(Longs("axes", 2, 3));
        var model = new ModelProto { IrVersion = 8, ProducerName = "test", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        return model.ToByteArray();
    }

    private static GraphProto Branch(string type)
    {
        var graph = new GraphProto { Name = type };
        graph.Node.Add(Node(type, "/tiled", $"/{type}"));
        graph.Output.Add(new ValueInfoProto { Name = $"/{type}", Type = new TypeProto { TensorType = new() { ElemType = (int)ElementType.Float } } });
        return graph;
    }

    /// <summary>Half of what goes in, three times.</summary>
    private static GraphProto Body()
    {
        var graph = new GraphProto { Name = "body" };
        graph.Input.Add([Value("round", ElementType.Int64), Value("go", ElementType.Bool), Value("in", ElementType.Float, "N", "3", "H", "W")]);
        graph.Initializer.Add(Floats("half", [1], 0.5f));
        graph.Node.Add([Node("Identity", "go", "on"), Node("Mul", "in half", "out")]);
        graph.Output.Add([Value("on", ElementType.Bool), Value("out", ElementType.Float, "N", "3", "H", "W")]);
        return graph;
    }

    private static NodeProto Split(string inputs, params string[] outputs)
    {
        var node = Node("Split", inputs, outputs[0], Number("axis", 1));
        node.Output.AddRange(outputs[1..]);
        return node;
    }

    private static AttributeProto Inner(string name, GraphProto graph) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };

    private static AttributeProto Text(string name, string text)
        => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(text) };

    private static AttributeProto Fraction(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static TensorProto Weights(string name, params long[] shape)
        => Floats(name, shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(k => 0.02f * ((k * 7 % 11) - 4))]);

    private static TensorProto Longs(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)ElementType.Int64, RawData = Raw(values) };
        tensor.Dims.Add(values.Length);
        return tensor;
    }

    private static ByteString Raw(params long[] values) => ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
}

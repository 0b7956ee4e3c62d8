using System.Runtime.InteropServices;
using Google.Protobuf;
using Unpress.Onnx;
using Unpress.Onnx.Schema;

namespace Unpress.Tests.Models;

/// <summary>Small ONNX files, made operator by operator.</summary>
internal sealed class OnnxGraphs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-onnx-").FullName;
    private int _files;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A file with these operators between "x" and "y".</summary>
    /// <param name="input">Sizes of the input: a number, or a name for any.</param>
    public string Save(string[] input, string[] output, NodeProto[] nodes, ElementType type = ElementType.Float, ModelFacts? facts = null,
        params TensorProto[] weights)
    {
        var graph = new GraphProto { Name = "test" };
        graph.Input.Add(Value("x", type, input));
        graph.Output.Add(Value("y", type, output));
        graph.Node.AddRange(nodes);
        graph.Initializer.AddRange(weights);
        return Save(graph, facts);
    }

    public string Save(GraphProto graph, ModelFacts? facts = null)
    {
        var model = new ModelProto { IrVersion = 8, ProducerName = "test", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        if (facts is not null)
            OnnxFile.SetFacts(model, facts);
        string path = Path.Combine(_folder, $"model{_files++}.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    public static NodeProto Node(string type, string inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = output };
        node.Input.AddRange(inputs.Split(' '));
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        return node;
    }

    public static AttributeProto Numbers(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Number(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static TensorProto Floats(string name, long[] shape, params float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)ElementType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    public static TensorProto Halves(string name, long[] shape, params float[] values)
    {
        Half[] halves = [.. values.Select(value => (Half)value)];
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)ElementType.Float16,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(halves.AsSpan())),
        };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    public static ValueInfoProto Value(string name, ElementType type, params string[] sizes)
    {
        var shape = new TensorShapeProto();
        foreach (string size in sizes)
            shape.Dim.Add(long.TryParse(size, out long number) ? new TensorShapeProto.Types.Dimension { DimValue = number }
                : new TensorShapeProto.Types.Dimension { DimParam = size });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }
}

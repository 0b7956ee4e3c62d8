using Google.Protobuf;
using Unpress.Onnx.Schema;

namespace Unpress.Onnx.Tests;

/// <summary>A graph of three operators: restored = image · scale + need, where need is the mean of the picture.</summary>
internal static class SmallModel
{
    public static ModelFacts Facts { get; } = new() { Network = "small", Channels = 3, ReceptiveField = 2, Surveys = ["need"] };

    public static ModelProto Create()
    {
        var graph = new GraphProto { Name = "small" };
        graph.Input.Add(Value("image", "N", "3", "H", "W"));
        graph.Output.Add(Value("restored", "N", "3", "H", "W"));
        graph.Output.Add(Value("need", "N", "3", "1", "1"));
        graph.Initializer.Add(WeightTable.ToProto(new OnnxWeight("scale", ElementType.Float, [1], BitConverter.GetBytes(2f))));
        graph.Node.Add(Node("GlobalAveragePool", ["image"], "need"));
        graph.Node.Add(Node("Mul", ["image", "scale"], "/scaled"));
        graph.Node.Add(Node("Add", ["/scaled", "need"], "restored"));
        var model = new ModelProto { IrVersion = 8, ProducerName = "unpress", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        OnnxFile.SetFacts(model, Facts);
        return model;
    }

    public static NodeProto Node(string type, string[] inputs, string output)
    {
        var node = new NodeProto { OpType = type, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    /// <summary>The model in a file of its own, as it is: nothing is checked.</summary>
    public static string Save(TemporaryFolder folder, ModelProto model)
    {
        string path = folder.File("model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private static ValueInfoProto Value(string name, params string[] sizes)
    {
        var shape = new TensorShapeProto();
        foreach (string size in sizes)
        {
            shape.Dim.Add(long.TryParse(size, out long number)
                ? new TensorShapeProto.Types.Dimension { DimValue = number }
                : new TensorShapeProto.Types.Dimension { DimParam = size });
        }

        var type = new TypeProto { TensorType = new() { ElemType = (int)ElementType.Float, Shape = shape } };
        return new ValueInfoProto { Name = name, Type = type };
    }
}

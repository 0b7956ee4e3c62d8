using System.IO.Compression;
using Google.Protobuf;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Tests.Models;
using static Unpress.Tests.Models.OnnxGraphs;

namespace Unpress.Cli.Tests.Enhance;

/// <summary>Files that are no models, or models that must not be run, by what is to be said of them.</summary>
internal static class BadModels
{
    private const int Deep = 10_000;

    private static readonly string[] Any = ["N", "3", "H", "W"];

    /// <summary>Each with a part of its line; the function gets the name that the file shall have.</summary>
    public static IReadOnlyList<(string Name, string Said, Action<string> Make)> All { get; } =
    [
        ("empty", "is empty", Bytes([])),
        ("zip", "a ZIP archive", path => Zip(path)),
        ("png", "a PNG picture", Bytes([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13])),
        ("text", "a text", Bytes("this is no model, whatever its name says\n"u8.ToArray())),
        ("pointer", "git lfs pull", Bytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"u8.ToArray())),
        ("page", "a web page", Bytes("<!DOCTYPE html><html>not found</html>"u8.ToArray())),
        ("deep", "is truncated, damaged or no ONNX file", Bytes(Nested())),
        ("old", "version 5 of the operators", Changed(model => model.OpsetImport[0].Version = 5)),
        ("new", "version 40 of the operators", Changed(model => model.OpsetImport[0].Version = 40)),
        ("channels", "5 channels", Changed(model => Sizes(model, 1, 5))),
        ("above", "outside the file's folder", Changed(model => Elsewhere(model, "../weights.bin"))),
        ("absolute", "outside the file's folder", Changed(model => Elsewhere(model, "/etc/passwd"))),
        ("link", "a link or behind one", path => Linked(path, "link.bin", target => File.CreateSymbolicLink(Beside(path, "link.bin"), target))),
        ("linked-folder", "a link or behind one", path => Linked(
            path, "linked/weights.bin", target => Directory.CreateSymbolicLink(Beside(path, "linked"), Path.GetDirectoryName(target)!))),
        ("operator", "Invented", Changed(model => model.Graph.Node[0].OpType = "Invented")),
        ("domain", "nobody", Changed(model => model.Graph.Node[0].Domain = "nobody")),
        ("large", "less than 2 GiB", Changed(model => model.Graph.Initializer[0].Dims[0] = 1L << 29)),
        ("negative", "less than 2 GiB", Changed(model => model.Graph.Initializer[0].Dims[0] = -1)),
        ("cycle", "before anything makes it", Changed(model => model.Graph.Node[0].Input[1] = "y")),
        ("twice", "makes 'a' twice", Changed(model => model.Graph.Node.Add(Node("Relu", "x", "a")))),
        ("input-twice", "the input 'x' twice", Changed(model => model.Graph.Input.Add(model.Graph.Input[0]))),
        ("tensor-twice", "the tensor 't' twice", Changed(model => model.Graph.Initializer.Add(model.Graph.Initializer[0]))),
        ("no-output", "has no output", Changed(model => model.Graph.Output.Clear())),
        ("no-graph", "has no graph", Changed(model => model.Graph = null)),
        ("nan", "not finite", Changed(model => model.Graph.Initializer[0] = Floats("t", [3, 1, 1], 0, float.NaN, 0))),
        ("block", "blocksize = 4294967296", Changed(model => model.Graph.Node.Add(Node("DepthToSpace", "a", "z", Number("blocksize", 1L << 32))))),
        ("window", "no size of a window", Changed(model =>
            (model.Graph.Input[0], model.Graph.Output[0]) = (Value("x", ElementType.Float, "1", "3", "0", "-7"), model.Graph.Output[0]))),
        ("memory", "", Changed(Huge)),
        ("twice-as-large", "2 times as large", Changed(model =>
        {
            model.Graph.Initializer.Add(Floats("s", [4], 1, 1, 2, 2));
            model.Graph.Node[1] = Node("Resize", "a  s", "y");
        })),
    ];

    /// <summary>y = relu(x + t).</summary>
    public static ModelProto Valid()
    {
        var graph = new GraphProto { Name = "test" };
        graph.Input.Add(Value("x", ElementType.Float, Any));
        graph.Output.Add(Value("y", ElementType.Float, Any));
        graph.Initializer.Add(Floats("t", [3, 1, 1], 0, 0.01f, 0));
        graph.Node.Add([Node("Add", "x t", "a"), Node("Relu", "a", "y")]);
        var model = new ModelProto { IrVersion = 8, ProducerName = "test", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        return model;
    }

    private static Action<string> Bytes(byte[] bytes) => path => File.WriteAllBytes(path, bytes);

    private static Action<string> Changed(Action<ModelProto> spoil) => path =>
    {
        var model = Valid();
        spoil(model);
        File.WriteAllBytes(path, model.ToByteArray());
    };

    private static void Zip(string path)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        archive.CreateEntry("archive/data.pkl");
    }

    /// <summary>Graphs within attributes of operators within graphs.</summary>
    private static byte[] Nested()
    {
        byte[] inner = [];
        for (int level = 0; level < Deep; level++)
            inner = [level % 3 == 0 ? (byte)0x0A : level % 3 == 1 ? (byte)0x2A : (byte)0x32, .. Length(inner.Length), .. inner];
        return [0x08, 8, 0x3A, .. Length(inner.Length), .. inner];

        static byte[] Length(int value)
        {
            using var stream = new MemoryStream();
            using (var output = new CodedOutputStream(stream))
                output.WriteLength(value);
            return stream.ToArray();
        }
    }

    private static void Sizes(ModelProto model, int dimension, long size)
    {
        foreach (var port in model.Graph.Input.Concat(model.Graph.Output))
            port.Type.TensorType.Shape.Dim[dimension].DimValue = size;
    }

    private static void Elsewhere(ModelProto model, string location)
    {
        var tensor = model.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
    }

    private static void Linked(string path, string location, Action<string> link)
    {
        string target = Directory.CreateDirectory(Beside(path, "elsewhere")).FullName;
        File.WriteAllBytes(Path.Combine(target, "weights.bin"), new byte[12]);
        link(Path.Combine(target, "weights.bin"));
        Changed(model => Elsewhere(model, location))(path);
    }

    private static string Beside(string path, string name) => Path.Combine(Path.GetDirectoryName(path)!, name);

    /// <summary>A constant of 2⁵⁰ numbers.</summary>
    private static void Huge(ModelProto model)
    {
        var shape = new TensorProto { Name = "shape", DataType = (int)ElementType.Int64, Dims = { 2 }, Int64Data = { 1L << 25, 1L << 25 } };
        model.Graph.Initializer.Add(shape);
        model.Graph.Node[1] = Node("ConstantOfShape", "shape", "h");
        model.Graph.Node.Add([Node("ReduceMax", "h", "r"), Node("Add", "a r", "y")]);
    }
}

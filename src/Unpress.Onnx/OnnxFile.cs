using Google.Protobuf;
using Unpress.Onnx.Schema;

namespace Unpress.Onnx;

/// <summary>An input or output of a model.</summary>
/// <param name="Type">Element type, as the format counts them; 0 where the file does not say.</param>
/// <param name="Sizes">One a dimension, null where any size is taken; null as a whole where the file does not say.</param>
public sealed record OnnxPort(string Name, ElementType Type, IReadOnlyList<long?>? Sizes);

/// <summary>
/// An ONNX model file, read and checked: sizes agree with the bytes that are there, every value is made before it is used, nothing lies
/// outside the file's folder. Whether its operators exist is for who runs it to say.
/// </summary>
public sealed class OnnxFile
{
    /// <summary>The format cannot hold more in one file.</summary>
    private const long LargestFile = int.MaxValue;

    private OnnxFile(string path, ModelProto model)
    {
        Path = path;
        Model = model;
        Metadata = MetadataOf(path, model.MetadataProps);
        Facts = FactKeys.Read(path, Metadata);
        var own = model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        // Before version 4 of the format initializers were listed among the inputs.
        Inputs = [.. model.Graph.Input.Where(input => !own.Contains(input.Name)).Select(Port)];
        Outputs = [.. model.Graph.Output.Select(Port)];
    }

    /// <summary>The file as it was named by the caller.</summary>
    public string Path { get; }

    public ModelProto Model { get; }

    /// <summary>Null for a file of others.</summary>
    public ModelFacts? Facts { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Version of the operators.</summary>
    public long Opset => GraphCheck.Opset(Model);

    /// <summary>Whether a run may go on without end: whether there is a loop in it.</summary>
    public bool HasLoops => Loops(Model.Graph);

    /// <summary>What a run must be given.</summary>
    public IReadOnlyList<OnnxPort> Inputs { get; }

    public IReadOnlyList<OnnxPort> Outputs { get; }

    /// <summary>
    /// Whether a picture goes in and a picture comes out, as far as the file says: it has facts, or both are N×C×H×W with at most four channels. What comes
    /// out of a classifier has two dimensions or hundreds of channels.
    /// </summary>
    public bool RestoresPictures => Facts is not null || (Inputs.Count > 0 && IsPicture(Inputs[0]) && IsPicture(Outputs[0]));

    /// <summary>True for what begins like a model: the first field of the format, its version.</summary>
    public static bool Recognises(ReadOnlySpan<byte> head)
        => head.Length >= 4 && head[0] == 0x08 && head[1] is > 0 and < 0x40 && head[2] is 0x12 or 0x3A or 0x42 or 0x1A;

    /// <summary>Reads and checks the whole file.</summary>
    /// <exception cref="OnnxFileException">It cannot be read, is no ONNX file, is damaged, or asks for what is refused.</exception>
    public static OnnxFile Read(string path)
    {
        var model = Parse(path, stream => ModelProto.Parser.ParseFrom(stream));
        GraphCheck.Check(path, model);
        return new OnnxFile(path, model);
    }

    /// <summary>The facts alone, without the graph and the weights: quick for files of any size. Null for a file of others.</summary>
    /// <exception cref="OnnxFileException">It cannot be read, is no ONNX file, or its facts make no sense.</exception>
    public static ModelFacts? ReadFacts(string path)
        => FactKeys.Read(path, MetadataOf(path, Parse(path, MetadataReader.Read)));

    /// <summary>Writes a model; the file appears under its name only when it is complete and on the disk.</summary>
    /// <exception cref="OnnxFileException">The model breaks a rule of the format, or the file cannot be written.</exception>
    public static void Write(string path, ModelProto model)
    {
        GraphCheck.Check(path, model);
        try
        {
            AtomicFile.WriteStream(path, stream => model.WriteTo(stream));
        }
        catch (InvalidFileException error)
        {
            throw new OnnxFileException(path, error.Reason, error);
        }
    }

    /// <summary>The facts of a model in memory; null where it has none.</summary>
    /// <exception cref="OnnxFileException">They make no sense.</exception>
    public static ModelFacts? FactsOf(ModelProto model) => FactKeys.Read("the model", MetadataOf("the model", model.MetadataProps));

    /// <summary>Replaces the facts in a model's metadata.</summary>
    public static void SetFacts(ModelProto model, ModelFacts facts)
    {
        model.MetadataProps.Clear();
        foreach (var (key, value) in FactKeys.Write(facts))
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    private static T Parse<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > LargestFile)
                throw new OnnxFileException(path, $"is larger than the {LargestFile} bytes that an ONNX file can have");
            return stream.Length > 0 ? read(stream) : throw new OnnxFileException(path, "is empty: fetch or export it again");
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new OnnxFileException(path, $"{OtherFile.Name(path) ?? "is truncated, damaged or no ONNX file: fetch or export it again"}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string reason = error is FileNotFoundException or DirectoryNotFoundException ? "there is no such file"
                : Directory.Exists(path) ? "is a folder"
                : SystemFault.Reason(error);
            throw new OnnxFileException(path, reason, error);
        }
    }

    private static Dictionary<string, string> MetadataOf(string path, IEnumerable<StringStringEntryProto> entries)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
            if (!metadata.TryAdd(entry.Key, entry.Value))
                throw new OnnxFileException(path, $"names '{entry.Key}' twice in its metadata");
        return metadata;
    }

    private static bool Loops(GraphProto graph)
        => graph.Node.Any(node => node.OpType is "Loop" or "Scan"
            || node.Attribute.Any(attribute => (attribute.G is { } inner && Loops(inner)) || attribute.Graphs.Any(Loops)));

    private static bool IsPicture(OnnxPort port) => port.Sizes is null || (port.Sizes.Count == 4 && port.Sizes[1] is null or <= 4);

    private static OnnxPort Port(ValueInfoProto value)
    {
        var tensor = value.Type?.ValueCase == TypeProto.ValueOneofCase.TensorType ? value.Type.TensorType : null;
        return new OnnxPort(
            value.Name,
            (ElementType)(tensor?.ElemType ?? 0),
            tensor?.Shape is { } shape
                ? [.. shape.Dim.Select(dim => dim.HasDimValue ? dim.DimValue : (long?)null)]
                : null);
    }
}

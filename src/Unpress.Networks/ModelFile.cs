using System.Text.Json;
using System.Text.Json.Nodes;
using Unpress.Onnx;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Networks;

/// <summary>
/// Trained weights as one file, safetensors or ONNX, that says which network it is for: metadata "network" (a name of the catalogue), "options"
/// (JSON, complete) and whatever else the maker wrote (recipe, steps, licence).
/// </summary>
public static class ModelFile
{
    public const string NetworkKey = "network";
    public const string OptionsKey = "options";

    /// <summary>The codecs whose damage it was trained on, by their names, parted by commas.</summary>
    public const string CodecKey = "codec";

    /// <summary>The network that a weight file is for; null where it does not say or cannot be read.</summary>
    public static string? NetworkOf(string path)
    {
        try
        {
            using var file = ModelWeights.Open(path);
            return file.Metadata.GetValueOrDefault(NetworkKey);
        }
        catch (WeightsFormatException)
        {
            return null;
        }
    }

    /// <summary>Builds the network of the file and fills it.</summary>
    /// <exception cref="WeightsFormatException">Not a weight file of ours, it does not fit its network, or the network does not fit the memory.</exception>
    public static LoadedModel Load(string path)
    {
        using var file = ModelWeights.Open(path);
        if (!file.Metadata.TryGetValue(NetworkKey, out string? name))
            throw new WeightsFormatException(path, "does not say which network it is for (no 'network' in its metadata); import it first");
        // The state of each network of a training stands under the network's place in it.
        if (name.StartsWith('{'))
            throw new WeightsFormatException(path, "is a checkpoint of a training, to go on from with --resume; the model is model.safetensors beside it");
        try
        {
            var (entry, options) = (NetworkCatalog.Find(name), OptionsOf(file));
            Compare(file, entry, options);
            var network = entry.Create(options);
            network.StateDict().Load(file.Tensors, path);
            network.Eval();
            return new LoadedModel(network, name, file.Metadata.ToDictionary());
        }
        catch (Exception error) when (error is ArgumentException or TorchException)
        {
            throw new WeightsFormatException(path, error.Message, error);
        }
    }

    /// <summary>The options that a file was made with; null where it does not say.</summary>
    /// <exception cref="WeightsFormatException">What it says is not a JSON object.</exception>
    internal static JsonObject? OptionsOf(WeightFile file)
    {
        if (!file.Metadata.TryGetValue(OptionsKey, out string? json))
            return null;
        try
        {
            return JsonNode.Parse(json)?.AsObject();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new WeightsFormatException(file.Path, "its 'options' are not a JSON object", error);
        }
    }

    /// <summary>Before any memory is taken: the file, not its options alone, must be as large as the network.</summary>
    private static void Compare(WeightFile file, NetworkEntry entry, JsonObject? options)
    {
        using var shapes = ShapesOnly.Enter();
        using var scope = TensorScope.Enter();
        using var network = entry.Create(options);
        network.StateDict().Check(file.Tensors, file.Path);
    }

    /// <summary>Writes tensors under the network's names with its name and options; the file appears whole or not at all.</summary>
    public static void Save(
        string path, NetworkEntry entry, JsonObject? options, IEnumerable<StoredTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var all = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>())
        {
            [NetworkKey] = entry.Name,
            [OptionsKey] = entry.Resolve(options).ToJsonString(),
        };
        SafeTensors.Save(path, tensors, all);
    }
}

/// <summary>A network with trained weights, in evaluation mode, on the CPU.</summary>
public sealed record LoadedModel(Network Network, string Name, IReadOnlyDictionary<string, string> Metadata) : IDisposable
{
    public void Dispose() => Network.Dispose();
}

/// <summary>
/// The weights of a model by name, out of any file that holds some: an ONNX model of ours, or what <see cref="WeightFile"/> knows.
/// </summary>
public static class ModelWeights
{
    private const int HeadLength = 16;

    /// <summary>What a model file of either kind says of where it comes from.</summary>
    private static readonly string[] Told =
        [ModelFile.NetworkKey, ModelFile.OptionsKey, "description", ModelFile.CodecKey, "recipe", "data", "licence", "made-by", "steps", "hours"];

    /// <exception cref="WeightsFormatException">The file cannot be read, is damaged, or is of another kind.</exception>
    public static WeightFile Open(string path)
    {
        if (!IsOnnx(path))
            return WeightFile.Open(path);
        try
        {
            var file = OnnxFile.Read(path);
            var tensors = WeightTable.Read(file).Select(ToStored).ToList();
            var byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
            foreach (var (alias, name) in file.Facts?.Shared ?? new Dictionary<string, string>())
                tensors.Add(byName.GetValueOrDefault(name)?.Renamed(alias)
                    ?? throw new WeightsFormatException(path, $"says that '{alias}' is '{name}', which it does not hold"));
            return new WeightFile(path, tensors, file.Facts is null ? file.Metadata : MetadataOf(file.Facts));
        }
        catch (OnnxFileException error)
        {
            throw new WeightsFormatException(path, error.Reason, error);
        }
        catch (ArgumentException error)
        {
            throw new WeightsFormatException(path, error.Message, error);
        }
    }

    private static Dictionary<string, string> MetadataOf(ModelFacts facts)
    {
        var metadata = new Dictionary<string, string>(facts.Other);
        foreach (var (key, value) in FactKeys.Write(facts))
            if (key.StartsWith(FactKeys.Prefix, StringComparison.Ordinal) && Told.Contains(key[FactKeys.Prefix.Length..]))
                metadata[key[FactKeys.Prefix.Length..]] = value;
        return metadata;
    }

    private static bool IsOnnx(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> head = stackalloc byte[HeadLength];
            head = head[..stream.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false)];
            // A safetensors file can begin with the same three bytes: its header's length, and then the header.
            bool isSafeTensors = head.Length == HeadLength && head[8] == '{' && head[4..8].IndexOfAnyExcept((byte)0) < 0;
            return OnnxFile.Recognises(head) && !isSafeTensors;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // whoever opens it says what is wrong
        }
    }

    private static StoredTensor ToStored(OnnxWeight weight) => new(weight.Name, TypeOf(weight.Type), weight.Shape, weight.Bytes);

    private static DType TypeOf(ElementType type) => type switch
    {
        ElementType.Float => DType.Float32,
        ElementType.Double => DType.Float64,
        ElementType.Float16 => DType.Float16,
        ElementType.BFloat16 => DType.BFloat16,
        ElementType.Int64 => DType.Int64,
        ElementType.Int32 => DType.Int32,
        ElementType.Int16 => DType.Int16,
        ElementType.Int8 => DType.Int8,
        ElementType.UInt8 => DType.UInt8,
        ElementType.Bool => DType.Bool,
        _ => throw new ArgumentException($"weights of type {type} cannot be read"),
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;
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

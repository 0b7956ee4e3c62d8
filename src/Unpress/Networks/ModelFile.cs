using System.Text.Json.Nodes;
using Unpress.Torch.Weights;

namespace Unpress.Networks;

/// <summary>
/// Trained weights as one safetensors file that says which network it is for: metadata "network" (a name of the catalogue), "options"
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
            using var file = WeightFile.Open(path);
            return file.Metadata.GetValueOrDefault(NetworkKey);
        }
        catch (WeightsFormatException)
        {
            return null;
        }
    }

    /// <summary>Builds the network of the file and fills it.</summary>
    /// <exception cref="WeightsFormatException">Not a weight file of ours, or it does not fit its network.</exception>
    public static LoadedModel Load(string path)
    {
        using var file = WeightFile.Open(path);
        if (!file.Metadata.TryGetValue(NetworkKey, out string? name))
            throw new WeightsFormatException(path, "does not say which network it is for (no 'network' in its metadata); import it first");
        try
        {
            var options = file.Metadata.TryGetValue(OptionsKey, out string? json) ? JsonNode.Parse(json)?.AsObject() : null;
            var network = NetworkCatalog.Find(name).Create(options);
            network.StateDict().Load(file.Tensors, path);
            network.Eval();
            return new LoadedModel(network, name, file.Metadata.ToDictionary());
        }
        catch (Exception error) when (error is ArgumentException or System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new WeightsFormatException(path, error.Message, error);
        }
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

using System.Text.Json.Nodes;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Networks;

/// <summary>Published weights into files of ours: strictly, every name on both sides must match.</summary>
public static class WeightImport
{
    /// <summary>
    /// Reads safetensors or torch.save, unwraps it, checks it against the network and writes a model file. What the source says of itself
    /// is kept, its options too when none are given.
    /// </summary>
    /// <param name="half">Store float32 as float16: half the size, for weights that are shipped. Networks compute in float32 all the same.</param>
    /// <exception cref="WeightsFormatException">The weights do not fit; the message names what differs.</exception>
    public static void Run(string source, string output, NetworkEntry entry, JsonObject? options = null, bool half = false)
    {
        using var file = WeightFile.Open(source);
        if (options is null && file.Metadata.TryGetValue(ModelFile.OptionsKey, out string? stored))
            options = JsonNode.Parse(stored)?.AsObject();
        var tensors = StateDict.Normalise(file.Tensors);
        using var network = entry.Create(options);
        network.StateDict().Load(tensors, source);
        var metadata = new Dictionary<string, string>(file.Metadata) { ["source"] = Path.GetFileName(source) };
        ModelFile.Save(output, entry, options, half ? tensors.Select(Halve) : tensors, metadata);
    }

    private static StoredTensor Halve(StoredTensor stored)
    {
        if (stored.DType != DType.Float32)
            return stored;
        using var tensor = stored.ToTensor();
        using var small = tensor.To(DType.Float16);
        return small.ToStored(stored.Name);
    }
}

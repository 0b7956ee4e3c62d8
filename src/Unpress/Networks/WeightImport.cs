using System.Text.Json.Nodes;
using Unpress.Torch.Weights;

namespace Unpress.Networks;

/// <summary>Published weights into files of ours: strictly, every name on both sides must match.</summary>
public static class WeightImport
{
    /// <summary>Reads safetensors or torch.save, unwraps it, checks it against the network and writes a model file.</summary>
    /// <exception cref="WeightsFormatException">The weights do not fit; the message names what differs.</exception>
    public static void Run(string source, string output, NetworkEntry entry, JsonObject? options = null)
    {
        using var file = WeightFile.Open(source);
        var tensors = StateDict.Normalise(file.Tensors);
        using var network = entry.Create(options);
        network.StateDict().Load(tensors, source);
        ModelFile.Save(output, entry, options, tensors, new Dictionary<string, string> { ["source"] = Path.GetFileName(source) });
    }
}

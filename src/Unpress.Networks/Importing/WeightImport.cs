using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Networks.Importing;

/// <summary>Published weights into files of ours: strictly, every name on both sides must match.</summary>
public static class WeightImport
{
    /// <summary>
    /// Reads safetensors or torch.save, unwraps it, checks it against the network and writes a model file. What the source says of itself
    /// is kept, its options too when none are given.
    /// </summary>
    /// <param name="half">Store float32 as float16: half the size, for weights that are shipped. Networks compute in float32 all the same.</param>
    /// <param name="report">Told what was found before anything is written, whether it fits or not.</param>
    /// <exception cref="WeightsFormatException">The weights do not fit; the message says how many names differ and names the first.</exception>
    public static void Run(
        string source, string output, NetworkEntry entry, JsonObject? options = null, bool half = false, Action<WeightMatch>? report = null)
    {
        using var file = WeightFile.Open(source);
        if (file.Metadata.TryGetValue(ModelFile.NetworkKey, out string? stated) && !stated.Equals(entry.Name, StringComparison.OrdinalIgnoreCase))
            throw new WeightsFormatException(source, $"says that it is for network {stated}, not {entry.Name}");
        options ??= ModelFile.OptionsOf(file);
        var match = Match(file.Tensors, entry, options);
        report?.Invoke(match);
        if (match.Faults > 0)
            throw new WeightsFormatException(source, Reason(match, entry));
        var metadata = new Dictionary<string, string>(file.Metadata) { ["source"] = Path.GetFileName(source) };
        AtomicFile.CreateFolderOf(output);
        ModelFile.Save(output, entry, options, half ? match.Tensors.Select(Halve) : match.Tensors, metadata);
    }

    private static WeightMatch Match(IReadOnlyList<StoredTensor> tensors, NetworkEntry entry, JsonObject? options)
    {
        using var shapes = ShapesOnly.Enter(); // names and shapes are all that is asked
        using var scope = TensorScope.Enter();
        using var network = entry.Create(options);
        return WeightMatcher.Match(tensors, network.StateDict(), entry.OurNames(options));
    }

    private static string Reason(WeightMatch match, NetworkEntry entry)
    {
        string first = match.OtherShape.Concat(match.Missing.Select(name => $"missing {name}")).Concat(match.Unexpected.Select(name => $"unexpected {name}")).First();
        return $"does not fit network {entry.Name}: {match.Missing.Count} names missing, {match.Unexpected.Count} unexpected, "
            + $"{match.OtherShape.Count} of another shape, first of all {first}; are the options (--set) those of the file?";
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

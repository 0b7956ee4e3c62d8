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
        using var file = ModelWeights.Open(source);
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
        string first = match.OtherShape.Concat(match.Missing.Select(name => $"missing {name}"))
            .Concat(match.Unexpected.Select(name => $"unexpected {name}")).First();
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

/// <summary>How the tensors of a file and those of a network go together.</summary>
/// <param name="Container">Where in the file they were found, such as "params_ema"; empty for the file itself.</param>
/// <param name="Tensors">Those that fit, under our names.</param>
public sealed record WeightMatch(string Container, IReadOnlyList<StoredTensor> Tensors)
{
    /// <summary>Tensors outside of the container: other networks, other averages, the optimiser.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>Tensors that the network is known not to need (<see cref="NetworkEntry.OurName"/>).</summary>
    public IReadOnlyList<string> Unneeded { get; init; } = [];

    /// <summary>Names of the network that the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Names of the file that the network lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; init; } = [];

    /// <summary>Names on both sides whose shapes differ, with both shapes.</summary>
    public IReadOnlyList<string> OtherShape { get; init; } = [];

    /// <summary>All that keeps the file from fitting.</summary>
    public int Faults => Missing.Count + Unexpected.Count + OtherShape.Count;
}

/// <summary>
/// Finds a network's tensors in a file, in whatever its makers wrapped them: dictionaries ("params_ema", "state_dict"), modules around the
/// module ("module."), several of these. Of all places the first that fits exactly is taken, averaged weights before raw ones, as published
/// results are measured with them; when none fits, the nearest tells what differs.
/// </summary>
public static class WeightMatcher
{
    private const int Deepest = 4;
    private const string BatchCount = "num_batches_tracked";

    /// <summary>Names under which checkpoints keep a network, best first: averaged weights, raw ones, modules around the module.</summary>
    private static readonly string[] Containers =
    [
        "params_ema", "params-ema", "state_dict_ema", "generator_ema", "netG_ema", "net_g_ema", "model_ema", "ema_model", "ema",
        "params", "state_dict", "model_state_dict", "model_state", "encoder_state", "net_g", "netG", "generator",
        "model", "net", "network", "module", "_orig_mod",
    ];

    /// <param name="ourName">See <see cref="NetworkEntry.OurName"/>.</param>
    public static WeightMatch Match(
        IReadOnlyList<StoredTensor> source, IEnumerable<(string Name, Tensor Tensor)> network, Func<string, string?>? ourName = null)
    {
        var wanted = network.ToDictionary(entry => entry.Name, entry => entry.Tensor.Shape, StringComparer.Ordinal);
        WeightMatch? nearest = null;
        foreach (var place in Places(new Place("", [.. source.Select(tensor => (tensor, tensor.Name))], [])))
        {
            var match = Compare(place, wanted, ourName);
            if (match.Faults == 0)
                return match;
            if (nearest is null || match.Faults < nearest.Faults)
                nearest = match;
        }

        return nearest!;
    }

    /// <summary>A place, then all inside its best container, then all inside the next.</summary>
    private static IEnumerable<Place> Places(Place place, int depth = 0)
    {
        yield return place;
        if (depth == Deepest)
            yield break;
        foreach (var inside in Containers.Select(place.Inside).OfType<Place>().SelectMany(inner => Places(inner, depth + 1)))
            yield return inside;
    }

    private static WeightMatch Compare(Place place, IReadOnlyDictionary<string, long[]> wanted, Func<string, string?>? ourName)
    {
        var found = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        List<string> unneeded = [], unexpected = [], otherShape = [];
        foreach (var (tensor, name) in place.Tensors)
        {
            string? ours = wanted.ContainsKey(name) || ourName is null ? name : ourName(name);
            if (ours is null)
                unneeded.Add(name);
            else if (!wanted.TryGetValue(ours, out var shape))
                unexpected.Add(name);
            else if (found.TryGetValue(ours, out var other))
                unexpected.Add($"{name} (here {ours}, as {other.Name} is)");
            else
            {
                found[ours] = tensor;
                if (!tensor.Shape.AsSpan().SequenceEqual(shape))
                    otherShape.Add($"{ours} is [{string.Join(",", tensor.Shape)}], expected [{string.Join(",", shape)}]");
            }
        }

        return new WeightMatch(place.Path, [.. found.Select(entry => entry.Value.Renamed(entry.Key))])
        {
            Beside = place.Beside,
            Unneeded = unneeded,
            Unexpected = unexpected,
            OtherShape = otherShape,
            Missing = [.. wanted.Keys.Where(name => !found.ContainsKey(name) && !name.EndsWith(BatchCount, StringComparison.Ordinal))],
        };
    }

    /// <summary>A part of a file: its tensors with their names inside of it.</summary>
    private sealed record Place(string Path, IReadOnlyList<(StoredTensor Tensor, string Name)> Tensors, IReadOnlyList<string> Beside)
    {
        public Place? Inside(string container)
        {
            string prefix = container + ".";
            var inside = Tensors.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(entry => (entry.Tensor, entry.Name[prefix.Length..])).ToArray();
            return inside.Length == 0 ? null : new Place(
                Path.Length == 0 ? container : $"{Path}.{container}",
                inside,
                [.. Beside, .. Tensors.Where(entry => !entry.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(entry => entry.Tensor.Name)]);
        }
    }
}

using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Networks.Importing;

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
        "params_ema", "state_dict_ema", "generator_ema", "netG_ema", "net_g_ema", "model_ema", "ema_model", "ema",
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

namespace Unpress.Torch.Weights;

/// <summary>Names of the tensors in checkpoints.</summary>
public static class StateDict
{
    /// <summary>The network's tensors under their own names, out of a checkpoint that wraps them.</summary>
    public static IReadOnlyList<StoredTensor> Normalise(IEnumerable<StoredTensor> tensors, StateDictOptions? options = null)
    {
        options ??= new StateDictOptions();
        StoredTensor[] current = [.. tensors];
        foreach (string container in options.Unwrap)
        {
            StoredTensor[] inside = [.. current.Where(tensor => HasPrefix(tensor, container + "."))];
            if (inside.Length == 0) continue;
            current = Cut(inside, container + ".");
            break;
        }
        foreach (string prefix in options.Strip)
            if (current.Length > 0 && current.All(tensor => HasPrefix(tensor, prefix))) current = Cut(current, prefix);
        return current;
    }

    private static bool HasPrefix(StoredTensor tensor, string prefix) => tensor.Name.StartsWith(prefix, StringComparison.Ordinal);

    private static StoredTensor[] Cut(StoredTensor[] tensors, string prefix) =>
        [.. tensors.Select(tensor => tensor.Renamed(tensor.Name[prefix.Length..]))];
}

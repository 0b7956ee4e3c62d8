namespace Unpress.Torch.Weights;

/// <summary>Names of the tensors in checkpoints.</summary>
public static class StateDict
{
    /// <summary>The network's tensors under their own names, out of a checkpoint that wraps them.</summary>
    public static IReadOnlyList<StoredTensor> Normalise(IEnumerable<StoredTensor> tensors, StateDictOptions? options = null)
    {
        options ??= new StateDictOptions();
        StoredTensor[] current = [.. tensors];
        current = Open(Open(current, options.Unwrap), options.Parts);
        foreach (string prefix in options.Strip)
            if (current.Length > 0 && current.All(tensor => HasPrefix(tensor, prefix))) current = Cut(current, prefix);
        return current;
    }

    private static StoredTensor[] Open(StoredTensor[] tensors, IReadOnlyList<string> containers)
    {
        foreach (string container in containers)
        {
            StoredTensor[] inside = [.. tensors.Where(tensor => HasPrefix(tensor, container + "."))];
            if (inside.Length > 0) return Cut(inside, container + ".");
        }
        return tensors;
    }

    private static bool HasPrefix(StoredTensor tensor, string prefix) => tensor.Name.StartsWith(prefix, StringComparison.Ordinal);

    private static StoredTensor[] Cut(StoredTensor[] tensors, string prefix) =>
        [.. tensors.Select(tensor => tensor.Renamed(tensor.Name[prefix.Length..]))];
}

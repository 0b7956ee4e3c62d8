namespace Unpress.Torch.Weights;

/// <summary>Between tensors in memory and tensors in files.</summary>
public static class TensorExchange
{
    private const string BatchCount = "num_batches_tracked";

    /// <summary>A copy of the tensor's numbers, ready to be written.</summary>
    public static StoredTensor ToStored(this Tensor tensor, string name)
    {
        var bytes = new byte[tensor.Count * tensor.DType.Size()];
        tensor.ReadBytes(bytes);
        return new StoredTensor(name, tensor.DType, tensor.Shape, bytes);
    }

    /// <summary>A new CPU tensor with the stored numbers.</summary>
    public static Tensor ToTensor(this StoredTensor stored) => Tensor.FromBytes(stored.Bytes, stored.DType, stored.Shape);

    /// <summary>
    /// Fills a state dict from a file, strictly: every name on both sides must match, in shape too. Element types are converted.
    /// Only batch norm's count of batches may be missing: files from before PyTorch 0.4.1 have none, and nothing here reads it.
    /// </summary>
    /// <exception cref="WeightsFormatException">All names that are missing, unexpected or of another shape, together.</exception>
    public static void Load(this IEnumerable<(string Name, Tensor Tensor)> target, IEnumerable<StoredTensor> source, string file)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (tensor, found) in Pairs(target, source, file))
        {
            using var value = found.ToTensor();
            tensor.Copy(value);
        }
    }

    /// <summary>The same comparison without filling anything.</summary>
    /// <exception cref="WeightsFormatException">All names that are missing, unexpected or of another shape, together.</exception>
    public static void Check(this IEnumerable<(string Name, Tensor Tensor)> target, IEnumerable<StoredTensor> source, string file)
        => Pairs(target, source, file);

    private static List<(Tensor Tensor, StoredTensor Stored)> Pairs(
        IEnumerable<(string Name, Tensor Tensor)> target, IEnumerable<StoredTensor> source, string file)
    {
        var stored = source.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var faults = new List<string>();
        var pairs = new List<(Tensor Tensor, StoredTensor Stored)>();
        foreach (var (name, tensor) in target)
        {
            if (!stored.Remove(name, out var found))
            {
                if (!name.EndsWith(BatchCount, StringComparison.Ordinal))
                    faults.Add($"missing {name}");
            }
            else if (!found.Shape.AsSpan().SequenceEqual(tensor.Shape))
                faults.Add($"{name} is [{string.Join(",", found.Shape)}], expected [{string.Join(",", tensor.Shape)}]");
            else
                pairs.Add((tensor, found));
        }

        faults.AddRange(stored.Keys.Select(name => $"unexpected {name}"));
        if (faults.Count > 0)
            throw new WeightsFormatException(
                file, $"does not fit the network: {string.Join("; ", faults.Take(8))}{(faults.Count > 8 ? $"; and {faults.Count - 8} more" : "")}");
        return pairs;
    }
}

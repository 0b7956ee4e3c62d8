using System.Globalization;
using System.Numerics;

namespace Unpress.Torch.Weights;

/// <summary>
/// Walks nested containers and lists every tensor under its path: keys joined by dots, positions in lists as numbers. Numbers,
/// strings and flags on the way become metadata.
/// </summary>
internal sealed class TensorCollector(MappedFile file)
{
    private const int Deepest = 32;
    private const int LongestName = 512;

    // A container may hold another one twice, and so on: a small file can describe an endless walk.
    private const int MostValues = 250_000;

    // Views that are not laid out row by row have to be copied; a file may not make us copy much more than its own size.
    private const long FreeCopies = 16 << 20;

    private readonly List<StoredTensor> _tensors = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _copyBudget = file.Length + FreeCopies;
    private int _values;

    public WeightFile Collect(object? root)
    {
        // A tensor saved alone has no name of its own.
        Visit(root is PickleTensor ? "tensor" : "", root, 0);
        return new WeightFile(file, _tensors, _metadata);
    }

    private void Visit(string name, object? value, int depth)
    {
        if (depth > Deepest) throw file.Fault($"its containers are nested deeper than {Deepest}");
        if (++_values > MostValues) throw file.Fault($"holds more than {MostValues} values");
        switch (value)
        {
            case PickleTensor tensor: Claim(name); _tensors.Add(Store(name, tensor)); break;
            case PickleDict dict:
                foreach ((object? key, object? item) in dict.Items) Visit(Join(name, key), item, depth + 1);
                break;
            case PickleModule module: Visit(name, module.Attributes, depth + 1); break;
            case List<object?> list: VisitAll(name, list, depth); break;
            case object?[] tuple: VisitAll(name, tuple, depth); break;
            case string or bool or long or double or BigInteger:
                Claim(name);
                _metadata.Add(name, value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            default: break; // None, and storages and classes that no tensor uses.
        }
    }

    private void VisitAll(string name, IReadOnlyList<object?> items, int depth)
    {
        for (int i = 0; i < items.Count; i++) Visit(Join(name, (long)i), items[i], depth + 1);
    }

    private string Join(string parent, object? key)
    {
        string own = key switch
        {
            string text => text,
            long number => number.ToString(CultureInfo.InvariantCulture),
            _ => throw file.Fault("has a dict whose keys are neither strings nor whole numbers"),
        };
        if (parent.Length + 1 + own.Length > LongestName) throw file.Fault($"holds a name longer than {LongestName} characters");
        return parent.Length == 0 ? own : $"{parent}.{own}";
    }

    private void Claim(string name)
    {
        if (!_names.Add(name)) throw file.Fault($"names '{name}' twice");
    }

    private StoredTensor Store(string name, PickleTensor tensor)
    {
        int size = tensor.Storage.DType.Size();
        int bytes = StoredTensor.ByteLengthOf(tensor.Storage.DType, tensor.Shape)!.Value;
        long start = tensor.Storage.Offset + tensor.Offset * size;
        if (bytes == 0) return new StoredTensor(name, tensor.Storage.DType, tensor.Shape, ReadOnlyMemory<byte>.Empty);
        if (StridedCopy.IsContiguous(tensor.Shape, tensor.Strides))
            return new StoredTensor(name, tensor.Storage.DType, tensor.Shape, file, start);

        _copyBudget -= bytes;
        if (_copyBudget < 0) throw file.Fault($"'{name}' repeats stored elements until it is much larger than the file");
        ReadOnlySpan<byte> storage = file.Slice(tensor.Storage.Offset, tensor.Storage.ByteLength)[(int)(tensor.Offset * size)..];
        byte[] copy = StridedCopy.ToContiguous(storage, size, tensor.Shape, tensor.Strides);
        return new StoredTensor(name, tensor.Storage.DType, tensor.Shape, copy);
    }
}

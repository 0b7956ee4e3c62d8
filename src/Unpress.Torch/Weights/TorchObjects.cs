using System.Runtime.InteropServices;

namespace Unpress.Torch.Weights;

/// <summary>The few Python classes and functions that a file of torch.save needs; everything else is refused by name.</summary>
/// <param name="script">
/// Whether the file is a TorchScript archive. Its modules are of classes that it defines itself; of them only the attributes are read.
/// </param>
internal sealed class TorchObjects(MappedFile file, bool script = false)
{
    private const string OrderedDict = "collections.OrderedDict";
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string Size = "torch.Size";
    private const string TorchModule = "torch.";
    private const string ScriptClass = "__torch__.";
    private const string ScriptValue = "torch.jit._pickle.";
    private const string DeviceClass = "torch.device";

    private readonly Dictionary<string, PickleStorage> _storages = new(StringComparer.Ordinal);

    private long _copiedPairs;

    public IReadOnlyDictionary<string, PickleStorage> Storages => _storages;

    public PickleGlobal Global(string module, string name)
    {
        string full = $"{module}.{name}";
        bool known = full is OrderedDict or RebuildTensor or RebuildParameter or Size || StorageType(full) is not null
            || (script && (full is DeviceClass || IsIn(full, ScriptClass) || IsIn(full, ScriptValue)));
        return known
            ? new PickleGlobal(full)
            : throw file.Fault($"holds '{full}', which is refused: only tensors and plain containers are read; save a state_dict()");
    }

    public object? Call(PickleGlobal function, object?[] arguments) => function.Name switch
    {
        OrderedDict => MakeDict(arguments),
        RebuildTensor => MakeTensor(arguments),
        RebuildParameter when arguments is [PickleTensor data, ..] => data,
        Size when arguments is [object?[] sizes] => sizes,
        DeviceClass => null,
        // Lists and dictionaries with a type: what is in them is what counts.
        _ when IsIn(function.Name, ScriptValue) && arguments.Length > 0 => arguments[0],
        _ => throw Damaged($"wrong arguments for {function.Name}"),
    };

    /// <summary>An empty module of a TorchScript archive; its attributes are set afterwards.</summary>
    public PickleModule Make(object? type) =>
        type is PickleGlobal global && IsIn(global.Name, ScriptClass) ? new PickleModule() : throw Damaged("an object of no known class is made");

    /// <summary>The storage behind ("storage", class, key, location, element count[, None]); the location is of no interest.</summary>
    public PickleStorage Persistent(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts is not ["storage", PickleGlobal type, string key, _, long count, ..]
            || StorageType(type.Name) is not DType dtype)
            throw Damaged("a storage's description is not understood");
        if (parts.Length == 6 && parts[5] is not null) throw file.Fault("holds a view of a storage (PyTorch before 0.4); save it again");
        if (count < 0 || count > file.Length / dtype.Size())
            throw file.Fault($"is truncated or damaged: storage {key} claims {count} elements, more than the file can hold");
        var storage = new PickleStorage(key, dtype, count);
        ref PickleStorage? known = ref CollectionsMarshal.GetValueRefOrAddDefault(_storages, key, out bool exists);
        if (exists && (known!.DType != dtype || known.Count != count)) throw Damaged($"storage {key} has two descriptions");
        return known ??= storage;
    }

    private static bool IsIn(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal);

    private static DType? StorageType(string name) =>
        IsIn(name, TorchModule) ? DTypeNames.FromTorchStorage(name[TorchModule.Length..]) : null;

    // Python 2 gave the pairs as an argument, Python 3 sets them afterwards.
    private PickleDict MakeDict(object?[] arguments)
    {
        var dict = new PickleDict();
        if (arguments.Length == 0) return dict;
        if (arguments is not [List<object?> pairs]) throw Damaged($"wrong arguments for {OrderedDict}");
        // One list copied again and again would outgrow any memory.
        _copiedPairs += pairs.Count;
        if (_copiedPairs > file.Length) throw Damaged("it repeats a list without end");
        foreach (object? pair in pairs)
        {
            dict.Items.Add(pair switch
            {
                List<object?> { Count: 2 } list => new(list[0], list[1]),
                object?[] { Length: 2 } tuple => new(tuple[0], tuple[1]),
                _ => throw Damaged($"wrong arguments for {OrderedDict}"),
            });
        }
        return dict;
    }

    // (storage, offset, size, stride, requires_grad, hooks[, metadata])
    private PickleTensor MakeTensor(object?[] arguments)
    {
        if (arguments is not [PickleStorage storage, long offset, object?[] size, object?[] stride, ..] || arguments.Length is < 6 or > 7
            || size.Length != stride.Length || size.Concat(stride).Any(value => value is not (long and >= 0L)))
            throw Damaged("a tensor's description is not understood");
        long[] shape = [.. size.Cast<long>()], strides = [.. stride.Cast<long>()];
        if (StoredTensor.ByteLengthOf(storage.DType, shape) is null)
            throw file.Fault($"holds a tensor of {shape.Length} dimensions and a size that cannot be read (2 GiB and more)");
        if (!StaysInside(storage, offset, shape, strides)) throw Damaged($"a tensor reaches beyond storage {storage.Key}");
        return new PickleTensor(storage, offset, shape, strides);
    }

    private static bool StaysInside(PickleStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Contains(0)) return true;
        Int128 last = offset;
        for (int i = 0; i < shape.Length; i++) last += (Int128)(shape[i] - 1) * strides[i];
        return offset >= 0 && last < storage.Count;
    }

    private WeightsFormatException Damaged(string detail) => file.Fault($"its pickle is damaged: {detail}");
}

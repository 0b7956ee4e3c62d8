namespace Unpress.Torch.Weights;

// What a pickle can hold here: null (None), bool, long, double, string, object?[] (tuple), List<object?> and these.

/// <summary>A dict or an OrderedDict; pairs in their order.</summary>
internal sealed class PickleDict
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    public object? this[string key] => Items.LastOrDefault(item => item.Key is string name && name == key).Value;
}

/// <summary>A module of a TorchScript archive: its attributes, a dict or whatever its class makes of them.</summary>
internal sealed class PickleModule
{
    public object? Attributes { get; set; }
}

/// <summary>A Python class or function, by module and name; one of the few that are understood.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>A storage that tensors look into. Its place in the file is known only after the pickle in the legacy format.</summary>
internal sealed record PickleStorage(string Key, DType DType, long Count)
{
    public long Offset { get; set; } = -1;

    public long ByteLength => Count * DType.Size();
}

/// <summary>A view into a storage; offset and strides count elements and are checked to stay inside.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides);

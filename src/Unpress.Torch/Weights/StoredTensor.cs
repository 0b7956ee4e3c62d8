namespace Unpress.Torch.Weights;

/// <summary>A named tensor in a file or in plain memory: row-major, little-endian, not yet a <c>Tensor</c>.</summary>
public sealed class StoredTensor
{
    // ATen's own limit.
    private const int MostDimensions = 64;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly MappedFile? _file;
    private readonly long _offset;

    /// <summary>A tensor over bytes in memory; they are not copied.</summary>
    /// <exception cref="ArgumentException">The bytes are not exactly those of the shape.</exception>
    public StoredTensor(string name, DType dtype, IEnumerable<long> shape, ReadOnlyMemory<byte> bytes)
        : this(name, dtype, [.. shape])
    {
        if (bytes.Length != ByteLength)
            throw new ArgumentException($"{name}: {bytes.Length} bytes given, its shape and type need {ByteLength}", nameof(bytes));
        _memory = bytes;
    }

    // The readers have checked that the file holds these bytes.
    internal StoredTensor(string name, DType dtype, long[] shape, MappedFile file, long offset)
        : this(name, dtype, shape)
    {
        _file = file;
        _offset = offset;
    }

    private StoredTensor(string name, DType dtype, long[] shape)
    {
        Name = name;
        DType = dtype;
        Shape = shape;
        ByteLength = ByteLengthOf(dtype, shape)
            ?? throw new ArgumentException($"{name}: [{string.Join(", ", shape)}] is not the shape of a tensor of less than 2 GiB", nameof(shape));
    }

    private StoredTensor(StoredTensor other, string name)
        : this(name, other.DType, other.Shape)
    {
        _memory = other._memory;
        _file = other._file;
        _offset = other._offset;
    }

    public string Name { get; }

    public DType DType { get; }

    /// <summary>Sizes, outermost first; empty for a scalar.</summary>
    public long[] Shape { get; }

    public int ByteLength { get; }

    public long ElementCount => ByteLength / DType.Size();

    /// <summary>
    /// The raw elements without a copy. Of a tensor out of a <see cref="WeightFile"/> they may be read only until that is disposed.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The file was disposed before.</exception>
    public ReadOnlySpan<byte> Bytes => _file is null ? _memory.Span : _file.Slice(_offset, ByteLength);

    /// <summary>The same bytes under another name.</summary>
    public StoredTensor Renamed(string name) => new(this, name);

    /// <summary>Size in bytes, or null where a size is negative, the whole reaches 2 GiB or there are too many sizes.</summary>
    internal static int? ByteLengthOf(DType dtype, ReadOnlySpan<long> shape)
    {
        if (shape.Length > MostDimensions) return null;
        foreach (long size in shape)
            if (size < 0) return null;
        // A zero anywhere makes the tensor empty, whatever the other sizes multiply to.
        if (shape.Contains(0)) return 0;
        long bytes = dtype.Size();
        foreach (long size in shape)
        {
            if (size > int.MaxValue / bytes) return null;
            bytes *= size;
        }
        return (int)bytes;
    }
}

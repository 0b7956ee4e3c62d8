using System.Runtime.InteropServices;
using Unpress.Torch.Interop;

namespace Unpress.Torch;

/// <summary>
/// A libtorch tensor. One rule of ownership: a function never disposes its arguments and always returns a fresh tensor; the caller owns it,
/// through the open <see cref="TensorScope"/> if there is one, else through <c>using</c>. Autograd keeps what backward needs by itself.
/// The finaliser is a safety net; it counts as a leak (<see cref="FinalizedCount"/>).
/// </summary>
public sealed unsafe partial class Tensor : IDisposable
{
    private static long _finalized;
    private nint _handle;

    internal Tensor(nint handle)
    {
        _handle = handle;
        Owner = TensorScope.Frame.Current;
        Owner?.Add(this);
    }

    ~Tensor()
    {
        if (_handle == 0)
            return;
        Interlocked.Increment(ref _finalized);
        Native.ut_tensor_free(_handle);
    }

    /// <summary>Native tensors alive in this process, whoever holds them.</summary>
    public static long LiveCount => Native.ut_tensor_live_count();

    /// <summary>Tensors that nobody disposed and the collector had to free.</summary>
    public static long FinalizedCount => Interlocked.Read(ref _finalized);

    /// <summary>True once disposed.</summary>
    public bool IsDisposed => _handle == 0;

    public DType DType => Info().DType;

    public Device Device => Info().Device;

    /// <summary>Sizes, outermost first: N, C, H, W.</summary>
    public long[] Shape => Info().Shape;

    public int Rank => Info().Shape.Length;

    /// <summary>Number of elements.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (long size in Shape)
                count *= size;
            return count;
        }
    }

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    internal TensorScope.Frame? Owner { get; private set; }

    /// <summary>Copies numbers into a new CPU tensor of the given shape.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> data, params ReadOnlySpan<long> shape) where T : unmanaged
        => FromBytes(MemoryMarshal.AsBytes(data), DTypes.Of<T>(), shape);

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, ReadOnlySpan{long})"/>
    public static Tensor From<T>(T[] data, params ReadOnlySpan<long> shape) where T : unmanaged
        => From((ReadOnlySpan<T>)data, shape);

    /// <summary>Copies raw little-endian elements into a new CPU tensor.</summary>
    public static Tensor FromBytes(ReadOnlySpan<byte> data, DType type, ReadOnlySpan<long> shape)
    {
        fixed (byte* pointer = data)
        fixed (long* sizes = shape)
        {
            Native.Check(Native.ut_tensor_from(pointer, data.Length, (int)type, sizes, shape.Length, out nint handle));
            return ShapesOnly.Place(new Tensor(handle));
        }
    }

    /// <summary>Size of dimension <paramref name="dimension"/>; negative counts from the end.</summary>
    public long Size(int dimension)
    {
        var shape = Shape;
        return shape[dimension < 0 ? dimension + shape.Length : dimension];
    }

    /// <summary>Copies all elements out, in row-major order, from any device.</summary>
    public void CopyTo<T>(Span<T> destination) where T : unmanaged
    {
        if (DTypes.Of<T>() != DType)
            throw new ArgumentException($"the tensor holds {DType}, not {typeof(T).Name}");
        ReadBytes(MemoryMarshal.AsBytes(destination));
    }

    /// <summary>All elements as a new array, in row-major order.</summary>
    public T[] ToArray<T>() where T : unmanaged
    {
        var array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>Copies the raw elements out, in row-major order.</summary>
    public void ReadBytes(Span<byte> destination)
    {
        Op.Show(Op.Read, this, this);
        fixed (byte* pointer = destination)
            Native.Check(Native.ut_tensor_read(Handle, pointer, destination.Length));
        GC.KeepAlive(this);
    }

    /// <summary>Overwrites all elements, keeping shape, device and memory format.</summary>
    public void Write<T>(ReadOnlySpan<T> source) where T : unmanaged
    {
        if (DTypes.Of<T>() != DType)
            throw new ArgumentException($"the tensor holds {DType}, not {typeof(T).Name}");
        WriteBytes(MemoryMarshal.AsBytes(source));
    }

    /// <summary>Overwrites all elements with raw little-endian ones.</summary>
    public void WriteBytes(ReadOnlySpan<byte> source)
    {
        fixed (byte* pointer = source)
            Native.Check(Native.ut_tensor_write(Handle, pointer, source.Length));
        GC.KeepAlive(this);
    }

    /// <summary>The memory of a contiguous CPU tensor, valid while the tensor lives.</summary>
    public Span<T> Memory<T>() where T : unmanaged
    {
        if (DTypes.Of<T>() != DType)
            throw new ArgumentException($"the tensor holds {DType}, not {typeof(T).Name}");
        Native.Check(Native.ut_tensor_data(Handle, out nint data));
        return new Span<T>((void*)data, checked((int)Count));
    }

    /// <summary>The only element as a number.</summary>
    public double Item()
    {
        Op.Show(Op.Read, this, this);
        using var number = To(DType.Float64);
        double value;
        Native.Check(Native.ut_tensor_read(number.Handle, &value, sizeof(double)));
        return value;
    }

    /// <summary>A second handle on the same tensor: same memory, same place in the graph.</summary>
    public Tensor Alias()
    {
        Native.Check(Native.ut_tensor_alias(Handle, out nint handle));
        GC.KeepAlive(this);
        var alias = new Tensor(handle);
        Op.Show(Op.Alias, this, alias);
        return alias;
    }

    /// <summary>Takes the tensor out of its scope; whoever calls this owns it from now on. For parameters and optimiser state.</summary>
    public Tensor Unscoped()
    {
        Owner = null;
        return this;
    }

    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
            Native.ut_tensor_free(handle);
        GC.SuppressFinalize(this);
    }

    public override string ToString()
    {
        if (IsDisposed)
            return "Tensor (disposed)";
        var info = Info();
        return $"Tensor {info.DType} [{string.Join(", ", info.Shape)}] on {info.Device}";
    }

    internal void MoveTo(TensorScope.Frame? scope)
    {
        Owner = scope;
        scope?.Add(this);
    }

    private (DType DType, Device Device, long[] Shape) Info()
    {
        long* sizes = stackalloc long[16];
        Native.Check(Native.ut_tensor_info(Handle, out int type, out int deviceType, out int deviceIndex, out int rank, sizes));
        GC.KeepAlive(this);
        return ((DType)type, new Device(deviceType, deviceIndex), new ReadOnlySpan<long>(sizes, rank).ToArray());
    }
}

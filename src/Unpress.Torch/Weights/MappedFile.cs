using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Unpress.Torch.Weights;

/// <summary>A whole file mapped into memory for reading; every access is checked against the file's length.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    private MappedFile(string path, MemoryMappedFile map, long length)
    {
        Path = path;
        Length = length;
        _map = map;
        _view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public string Path { get; }

    public long Length { get; }

    /// <exception cref="WeightsFormatException">The file is missing, unreadable or empty.</exception>
    public static MappedFile Open(string path)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path);
            long length = RandomAccess.GetLength(handle);
            if (length == 0) throw new WeightsFormatException(path, "the file is empty");
            var map = MemoryMappedFile.CreateFromFile(
                handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedFile(path, map, length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WeightsFormatException(path, "there is no such file", e);
        }
        catch (UnauthorizedAccessException e) when (Directory.Exists(path))
        {
            throw new WeightsFormatException(path, "is a folder, not a file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsFormatException(path, $"cannot be read: {SystemFault.Reason(e)}", e);
        }
    }

    /// <summary>Bytes of the file without a copy; they are gone after <see cref="Dispose"/>.</summary>
    /// <exception cref="WeightsFormatException">They are not all in the file, or are 2 GiB and more.</exception>
    public ReadOnlySpan<byte> Slice(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        Require(offset, length);
        if (length > int.MaxValue) throw Fault($"{length} bytes at {offset} are more than can be read at once");
        return new ReadOnlySpan<byte>(_start + offset, (int)length);
    }

    /// <summary>Refuses a range that is not all in the file.</summary>
    public void Require(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length || length > Length - offset)
            throw Fault($"is truncated or damaged: {length} bytes are wanted at {offset}, the file has {Length}");
    }

    public WeightsFormatException Fault(string reason, Exception? inner = null) => new(Path, reason, inner);

    public void Dispose()
    {
        if (_start == null) return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}

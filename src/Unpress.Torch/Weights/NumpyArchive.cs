using System.IO.Compression;

namespace Unpress.Torch.Weights;

/// <summary>
/// NumPy's files: <c>.npz</c>, a zip archive of arrays, and <c>.npy</c>, one array, which is called <see cref="OnlyArray"/>. Little-endian
/// numbers; nothing in the file is ever executed.
/// </summary>
public static class NumpyArchive
{
    /// <summary>The name of the array of a <c>.npy</c> file.</summary>
    public const string OnlyArray = "array";

    private const string Extension = ".npy";

    // Of the arrays that statistics and fitted parameters are made of, the largest are some tens of MB.
    private const long LargestArray = int.MaxValue;

    /// <summary>Writes a <c>.npz</c> file, not compressed, whole or not at all.</summary>
    public static void Save(string path, IEnumerable<StoredTensor> arrays) => AtomicFile.WriteStream(path, file =>
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var array in arrays)
        {
            var entry = zip.CreateEntry(array.Name + Extension, CompressionLevel.NoCompression);
            // The same arrays give the same bytes, whenever they are written.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var stream = entry.Open();
            stream.Write(NumpyHeader.Write(array.DType, array.Shape));
            stream.Write(array.Bytes);
        }
    });

    internal static bool RecognisesArray(ReadOnlySpan<byte> head) => head.StartsWith(NumpyHeader.Magic);

    /// <summary>Whether a zip archive holds arrays of NumPy and nothing else.</summary>
    internal static bool RecognisesArchive(MappedFile file, ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("PK\u0003\u0004"u8))
            return false;
        var names = new ZipDirectory(file).Names.ToList();
        return names.Count > 0 && names.TrueForAll(name => name.EndsWith(Extension, StringComparison.Ordinal));
    }

    internal static WeightFile ReadArray(MappedFile file)
        => new(file, [Array(file, OnlyArray, file.Slice(0, file.Length).ToArray())], new Dictionary<string, string>());

    internal static WeightFile ReadArchive(MappedFile file)
    {
        try
        {
            using var zip = ZipFile.OpenRead(file.Path);
            var arrays = zip.Entries.Select(entry => Array(file, entry.FullName[..^Extension.Length], Content(file, entry))).ToList();
            return new WeightFile(file, arrays, new Dictionary<string, string>());
        }
        catch (InvalidDataException error)
        {
            throw file.Fault($"is a damaged zip archive: {error.Message}", error);
        }
    }

    private static byte[] Content(MappedFile file, ZipArchiveEntry entry)
    {
        if (entry.Length > LargestArray)
            throw file.Fault($"'{entry.FullName}' claims {entry.Length} bytes");
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static StoredTensor Array(MappedFile file, string name, byte[] content)
    {
        var (dtype, shape, byColumns, start) = NumpyHeader.Read(file, name, content);
        if (StoredTensor.ByteLengthOf(dtype, shape) != content.Length - start)
            throw file.Fault($"'{name}' does not have the bytes of its shape");
        if (!byColumns || content.Length == start)
            return new StoredTensor(name, dtype, shape, content.AsMemory(start));
        var strides = new long[shape.Length];
        for (int axis = 0; axis < shape.Length; axis++)
            strides[axis] = axis == 0 ? 1 : strides[axis - 1] * shape[axis - 1];
        return new StoredTensor(name, dtype, shape, StridedCopy.ToContiguous(content.AsSpan(start), dtype.Size(), shape, strides));
    }
}

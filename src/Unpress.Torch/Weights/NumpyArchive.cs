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
    private const long LargestArray = 1 << 30;

    // What holds more for its size in the file than any numbers do is made to fill the memory.
    private const long Harmless = 16 << 20, BestCompression = 100;

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
            if (zip.Entries.Sum(entry => Math.Max(0, entry.Length)) > LargestArray)
                throw file.Fault("holds more than 1 GB of arrays");
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
        if (entry.Length > Harmless && entry.Length > BestCompression * entry.CompressedLength)
            throw file.Fault($"'{entry.FullName}' claims {entry.Length} bytes in {entry.CompressedLength}");
        using var stream = entry.Open();
        var content = new byte[entry.Length];
        if (stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length || stream.ReadByte() >= 0)
            throw file.Fault($"'{entry.FullName}' has another length than it claims");
        return content;
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

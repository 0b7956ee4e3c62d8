using System.Globalization;
using Unpress.Onnx.Schema;

namespace Unpress.Onnx;

/// <summary>A stored tensor's shape, type and bytes agree; bytes in another file lie in the model's folder.</summary>
internal static class TensorCheck
{
    private const int MostDimensions = 64;

    /// <exception cref="OnnxFileException">They do not.</exception>
    public static void Check(string path, TensorProto tensor)
    {
        var type = (ElementType)tensor.DataType;
        string name = tensor.Name;
        if (type == ElementType.String)
        {
            if (Count(tensor) != tensor.StringData.Count)
                throw new OnnxFileException(
                    path, $"its tensor '{name}' holds {tensor.StringData.Count} strings, its shape needs another number");
            return;
        }

        if (type.Size() is not { } size)
            throw new OnnxFileException(path, $"its tensor '{name}' has elements of the unknown type {tensor.DataType}");
        string shape = $"[{string.Join(",", tensor.Dims.Take(8))}]";
        if (Bytes(tensor, size) is not { } bytes)
            throw new OnnxFileException(path, $"its tensor '{name}' claims the shape {shape}, not that of a tensor of less than 2 GiB");
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            CheckExternal(path, tensor, bytes);
        else if (Held(tensor, type, size) != bytes)
            throw new OnnxFileException(path, $"its tensor '{name}' holds {Held(tensor, type, size)} bytes, its shape {shape} needs {bytes}");
    }

    private static long? Count(TensorProto tensor) => Bytes(tensor, 1);

    /// <summary>Null where a size is negative or the whole reaches 2 GiB.</summary>
    private static long? Bytes(TensorProto tensor, int size)
    {
        if (tensor.Dims.Count > MostDimensions || tensor.Dims.Any(dim => dim < 0))
            return null;
        if (tensor.Dims.Contains(0))
            return 0;
        long bytes = size;
        foreach (long dim in tensor.Dims)
        {
            if (dim > int.MaxValue / bytes)
                return null;
            bytes *= dim;
        }

        return bytes;
    }

    /// <summary>Bytes of the elements that are there, raw or in the list for their type.</summary>
    private static long Held(TensorProto tensor, ElementType type, int size)
    {
        if (tensor.HasRawData)
            return tensor.RawData.Length;
        long elements = type switch
        {
            ElementType.Float => tensor.FloatData.Count,
            ElementType.Double => tensor.DoubleData.Count,
            ElementType.Complex64 => tensor.FloatData.Count / 2,
            ElementType.Complex128 => tensor.DoubleData.Count / 2,
            ElementType.Int64 => tensor.Int64Data.Count,
            ElementType.UInt32 or ElementType.UInt64 => tensor.Uint64Data.Count,
            _ => tensor.Int32Data.Count,
        };
        return elements * size;
    }

    private static void CheckExternal(string path, TensorProto tensor, long bytes)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in tensor.ExternalData)
            entries[entry.Key] = entry.Value;
        string location = entries.GetValueOrDefault("location", "");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Split('/', '\\').Contains(".."))
            throw new OnnxFileException(
                path, $"its tensor '{tensor.Name}' lies outside the file's folder, at '{location}'; that is refused");
        var file = new FileInfo(Path.Combine(folder, location));
        if (!file.Exists)
            throw new OnnxFileException(path, $"its tensor '{tensor.Name}' lies in '{location}', and there is no such file beside it");
        if (IsReachedByLink(folder, location))
            throw new OnnxFileException(path, $"its tensor '{tensor.Name}' lies in '{location}', which is a link or behind one; that is refused");
        long offset = Number(entries, "offset") ?? 0, length = Number(entries, "length") ?? bytes;
        if (offset < 0 || length != bytes || offset > file.Length - length)
            throw new OnnxFileException(path, $"its tensor '{tensor.Name}' is not wholly in '{location}'");
    }

    /// <summary>True where the file, or a folder between the model's and it, is a link.</summary>
    private static bool IsReachedByLink(string folder, string location)
    {
        string at = folder;
        foreach (string part in location.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar))
        {
            at = Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null)
                return true;
        }

        return false;
    }

    private static long? Number(Dictionary<string, string> entries, string key)
        => !entries.TryGetValue(key, out string? text) ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : -1;
}

using System.Buffers.Binary;

namespace Unpress.Torch.Weights;

/// <summary>
/// The safetensors format: a little-endian 64-bit length, a JSON header of that length, then the raw elements of all tensors.
/// </summary>
public static class SafeTensors
{
    internal const int LengthBytes = 8;

    // The limit of the reference implementation.
    private const int LargestHeader = 100_000_000;

    /// <summary>Maps the file and checks its whole header; no element is read yet.</summary>
    /// <exception cref="WeightsFormatException">The file cannot be read or breaks the format.</exception>
    public static WeightFile Open(string path) => WeightFile.Load(path, Read);

    /// <summary>
    /// Writes the tensors so that the same content gives the same bytes: wide types first (every tensor is then aligned to its own
    /// type), names in ordinal order within a type size. The file appears under its name only when it is complete and on the disk.
    /// </summary>
    /// <exception cref="ArgumentException">Two tensors share a name, or one is called <c>__metadata__</c>.</exception>
    public static void Save(string path, IEnumerable<StoredTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensorsWriter.Save(path, tensors, metadata);

    internal static bool Recognises(ReadOnlySpan<byte> head) => head.Length > LengthBytes && head[LengthBytes] == '{';

    internal static WeightFile Read(MappedFile file)
    {
        if (file.Length < LengthBytes) throw file.Fault($"is too short for a safetensors file ({file.Length} bytes)");
        ulong declared = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, LengthBytes));
        if (declared > LargestHeader) throw file.Fault($"its header claims {declared} bytes, more than the {LargestHeader} allowed");
        if (declared > (ulong)(file.Length - LengthBytes))
            throw file.Fault($"is truncated: its header claims {declared} bytes, the file has {file.Length}");
        return SafeTensorsHeader.Parse(file, (int)declared);
    }
}

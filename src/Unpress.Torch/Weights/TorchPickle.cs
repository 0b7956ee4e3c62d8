using System.Buffers.Binary;

namespace Unpress.Torch.Weights;

/// <summary>
/// Files of Python's <c>torch.save</c>, both the zip archive (since PyTorch 1.6) and the legacy format before it, and TorchScript archives,
/// of whose modules the tensors are read and the code is not. Only tensors in plain containers are read; nothing in the file is ever executed,
/// and any other Python class is refused by its name.
/// </summary>
public static class TorchPickle
{
    private const string Pickle = "/data.pkl";

    // Protocol 2, then the ten bytes of the number 0x1950a86a20f9469cfc6c, then STOP.
    private static ReadOnlySpan<byte> LegacyMagic =>
        [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    private static ReadOnlySpan<byte> ZipMagic => "PK\u0003\u0004"u8;

    /// <summary>
    /// Maps the file and lists its tensors under their keys; keys of nested containers are joined by dots
    /// (<c>params.conv.weight</c>). Views with strides are copied into row-major order, all others stay in the file.
    /// </summary>
    /// <exception cref="WeightsFormatException">The file cannot be read, is damaged, or holds more than tensors and containers.</exception>
    public static WeightFile Open(string path) => WeightFile.Load(path, Read);

    internal static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(LegacyMagic) || head.StartsWith(ZipMagic);

    internal static WeightFile Read(MappedFile file)
    {
        ReadOnlySpan<byte> head = file.Slice(0, Math.Min(file.Length, LegacyMagic.Length));
        if (head.StartsWith(ZipMagic)) return ReadZip(file);
        if (head.StartsWith(LegacyMagic)) return ReadLegacy(file);
        throw file.Fault("is not a file of torch.save");
    }

    private static WeightFile ReadZip(MappedFile file)
    {
        var zip = new ZipDirectory(file);
        string[] pickles = [.. zip.Names.Where(name => name.EndsWith(Pickle, StringComparison.Ordinal))];
        if (pickles.Length != 1) throw file.Fault("is a zip archive, but not one of torch.save (it needs one data.pkl)");
        string root = pickles[0][..^Pickle.Length];
        bool script = zip.Names.Contains($"{root}/constants.pkl");
        if (zip.Find($"{root}/byteorder") is (long order, long orderLength) && !file.Slice(order, orderLength).SequenceEqual("little"u8))
            throw file.Fault("was saved on a big-endian machine, which is not supported");

        (long offset, long length) = zip.Find(pickles[0])!.Value;
        var torch = new TorchObjects(file, script);
        object? value = new PickleReader(file, offset, offset + length, torch).Read();
        foreach (PickleStorage storage in torch.Storages.Values)
        {
            (storage.Offset, long stored) = zip.Find($"{root}/data/{storage.Key}") ?? throw file.Fault($"lacks storage {storage.Key}");
            if (stored != storage.ByteLength)
                throw file.Fault($"storage {storage.Key} has {stored} bytes where {storage.ByteLength} belong");
        }
        return new TensorCollector(file).Collect(value);
    }

    // Five pickles (magic, version, system, the object, the keys of its storages), then each storage: element count and elements.
    private static WeightFile ReadLegacy(MappedFile file)
    {
        var torch = new TorchObjects(file);
        var reader = new PickleReader(file, LegacyMagic.Length, file.Length, torch);
        if (reader.Read() is not 1001L) throw file.Fault("is of an unknown version of torch.save's legacy format");
        if (reader.Read() is not PickleDict system || system["little_endian"] is not true)
            throw file.Fault("was saved on a big-endian machine, which is not supported");
        object? value = reader.Read();
        if (reader.Read() is not List<object?> keys) throw file.Fault("is damaged: the list of its storages is missing");

        long position = reader.Position;
        foreach (object? item in keys)
        {
            if (item is not string key || !torch.Storages.TryGetValue(key, out PickleStorage? storage) || storage.Offset >= 0)
                throw file.Fault("is damaged: the list of its storages does not fit its tensors");
            if (BinaryPrimitives.ReadInt64LittleEndian(file.Slice(position, sizeof(long))) != storage.Count)
                throw file.Fault($"is damaged: storage {key} does not have the {storage.Count} elements its tensors expect");
            storage.Offset = position + sizeof(long);
            position = storage.Offset + storage.ByteLength;
            file.Require(storage.Offset, storage.ByteLength);
        }
        if (torch.Storages.Values.FirstOrDefault(storage => storage.Offset < 0) is PickleStorage lost)
            throw file.Fault($"is damaged: it lacks storage {lost.Key}");
        return new TensorCollector(file).Collect(value);
    }
}

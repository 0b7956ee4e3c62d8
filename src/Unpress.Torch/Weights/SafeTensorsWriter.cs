using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Unpress.Torch.Weights;

/// <summary>Writes safetensors files, whole or not at all.</summary>
internal static class SafeTensorsWriter
{
    private const int Alignment = 8;

    public static void Save(string path, IEnumerable<StoredTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        StoredTensor[] ordered = [.. tensors
            .OrderByDescending(tensor => tensor.DType.Size())
            .ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        byte[] head = Header(ordered, metadata);
        AtomicFile.WriteStream(path, stream =>
        {
            stream.Write(head);
            foreach (StoredTensor tensor in ordered) stream.Write(tensor.Bytes);
        });
    }

    private static byte[] Header(StoredTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            WriteTensors(json, tensors);
            json.WriteEndObject();
        }
        // Spaces after the JSON are allowed and start the elements on a multiple of eight.
        int padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);

        byte[] head = new byte[SafeTensors.LengthBytes + buffer.WrittenCount];
        BinaryPrimitives.WriteInt64LittleEndian(head, buffer.WrittenCount);
        buffer.WrittenSpan.CopyTo(head.AsSpan(SafeTensors.LengthBytes));
        return head;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 }) return;
        json.WriteStartObject(SafeTensorsHeader.MetadataKey);
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter json, StoredTensor[] tensors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { SafeTensorsHeader.MetadataKey };
        long offset = 0;
        foreach (StoredTensor tensor in tensors)
        {
            if (!seen.Add(tensor.Name)) throw new ArgumentException($"'{tensor.Name}' is taken twice or reserved", nameof(tensors));
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", DTypeNames.SafeTensors(tensor.DType));
            WriteIntegers(json, "shape", tensor.Shape);
            WriteIntegers(json, "data_offsets", [offset, offset + tensor.ByteLength]);
            json.WriteEndObject();
            offset += tensor.ByteLength;
        }
    }

    private static void WriteIntegers(Utf8JsonWriter json, string name, long[] values)
    {
        json.WriteStartArray(name);
        foreach (long value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}

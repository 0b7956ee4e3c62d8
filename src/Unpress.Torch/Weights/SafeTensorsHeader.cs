using System.Text.Json;

namespace Unpress.Torch.Weights;

/// <summary>Reads the JSON header of a safetensors file and holds it to the format.</summary>
internal static class SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";

    public static WeightFile Parse(MappedFile file, int headerLength)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        try
        {
            var json = new Utf8JsonReader(file.Slice(SafeTensors.LengthBytes, headerLength), new JsonReaderOptions { MaxDepth = 3 });
            Read(ref json, file, metadata, entries);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException is what the reader throws for the wrong kind of value and for broken UTF-8 in a string.
            throw file.Fault($"its header is not the JSON of a safetensors file ({e.Message})", e);
        }
        long start = SafeTensors.LengthBytes + headerLength;
        CheckLayout(file, entries, file.Length - start);
        StoredTensor[] tensors = [.. entries.Select(e => new StoredTensor(e.Name, e.DType, e.Shape, file, start + e.Begin))];
        return new WeightFile(file, tensors, metadata);
    }

    private static void Read(ref Utf8JsonReader json, MappedFile file, Dictionary<string, string> metadata, List<Entry> entries)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json, out string name))
        {
            if (!seen.Add(name)) throw file.Fault($"names '{name}' twice");
            if (name == MetadataKey) ReadMetadata(ref json, file, metadata);
            else entries.Add(ReadEntry(ref json, file, name));
        }
        while (json.Read()) { } // Throws when anything but white space follows the object.
    }

    private static void ReadMetadata(ref Utf8JsonReader json, MappedFile file, Dictionary<string, string> metadata)
    {
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json, out string key))
        {
            Expect(ref json, JsonTokenType.String);
            if (!metadata.TryAdd(key, json.GetString()!)) throw file.Fault($"its metadata names '{key}' twice");
        }
    }

    private static Entry ReadEntry(ref Utf8JsonReader json, MappedFile file, string name)
    {
        string? type = null;
        long[]? shape = null, offsets = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json, out string key))
        {
            if (key == "dtype" && type is null)
            {
                Expect(ref json, JsonTokenType.String);
                type = json.GetString()!;
            }
            else if (key == "shape" && shape is null) shape = ReadIntegers(ref json);
            else if (key == "data_offsets" && offsets is null) offsets = ReadIntegers(ref json);
            else throw file.Fault($"'{name}' has an unknown or repeated field '{key}'");
        }
        if (type is null || shape is null || offsets is not { Length: 2 })
            throw file.Fault($"'{name}' needs dtype, shape and two data_offsets");
        DType dtype = DTypeNames.FromSafeTensors(type) ?? throw file.Fault($"'{name}' is of type {type}, which is not supported");
        int bytes = StoredTensor.ByteLengthOf(dtype, shape)
            ?? throw file.Fault($"'{name}' has the shape [{string.Join(", ", shape)}]: negative sizes, too many of them, or 2 GiB and more");
        if (offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes)
            throw file.Fault($"'{name}' needs {bytes} bytes, its offsets are {offsets[0]} to {offsets[1]}");
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] ReadIntegers(ref Utf8JsonReader json)
    {
        var values = new List<long>();
        Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) values.Add(json.GetInt64());
        return [.. values];
    }

    private static bool NextProperty(ref Utf8JsonReader json, out string name)
    {
        name = json.Read() && json.TokenType == JsonTokenType.PropertyName ? json.GetString()! : "";
        return json.TokenType == JsonTokenType.PropertyName;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType wanted)
    {
        if (!json.Read() || json.TokenType != wanted) throw new FormatException($"{wanted} expected, {json.TokenType} found");
    }

    // The format wants every byte after the header to belong to exactly one tensor.
    private static void CheckLayout(MappedFile file, List<Entry> entries, long length)
    {
        long end = 0;
        foreach (Entry entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin < end) throw file.Fault($"'{entry.Name}' overlaps the tensor before it");
            if (entry.Begin > end) throw file.Fault($"bytes {end} to {entry.Begin}, before '{entry.Name}', belong to no tensor");
            end = entry.End;
        }
        if (end > length) throw file.Fault($"is truncated: its tensors take {end} bytes, {length} are there");
        if (end < length) throw file.Fault($"{length - end} bytes at its end belong to no tensor");
    }

    private sealed record Entry(string Name, DType DType, long[] Shape, long Begin, long End);
}

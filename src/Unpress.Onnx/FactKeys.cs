using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Unpress.Onnx;

/// <summary>Between <see cref="ModelFacts"/> and the strings of an ONNX file's metadata.</summary>
public static class FactKeys
{
    /// <summary>What all keys of ours begin with.</summary>
    public const string Prefix = "unpress.";

    private const string Format = "format";

    private const int LargestReach = 1 << 20;

    private const int LargestMultiple = 4096;

    /// <summary>The keys in the order in which they are written.</summary>
    public static IReadOnlyDictionary<string, string> Write(ModelFacts facts)
    {
        var all = new Dictionary<string, string>();
        void Put(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                all[Prefix + key] = value;
        }

        Put(Format, Text(ModelFacts.CurrentFormat));
        Put("network", facts.Network);
        Put("options", facts.Options.ToJsonString());
        Put("description", facts.Description);
        Put("codec", facts.Codec);
        Put("recipe", facts.Recipe);
        Put("data", facts.Data);
        Put("licence", facts.Licence);
        Put("made-by", facts.MadeBy);
        Put("steps", facts.Steps is { } steps ? Text(steps) : null);
        Put("hours", facts.Hours is { } hours ? Text(hours) : null);
        Put("channels", Text(facts.Channels));
        Put("range", $"{Text(facts.Range.Low)}..{Text(facts.Range.High)}");
        Put("layout", Name(facts.Layout));
        Put("colours", Name(facts.Colours));
        Put("receptive-field", Text(facts.ReceptiveField));
        Put("size-multiple", Text(facts.SizeMultiple));
        Put("least-side", Text(facts.LeastSide));
        Put("padding", Name(facts.Padding));
        Put("sees-whole", facts.SeesWhole ? "true" : "false");
        Put("uses", Name(facts.Uses));
        Put("needs", Name(facts.Needs));
        Put("sampling", facts.Sampling);
        Put("surveys", string.Join(", ", facts.Surveys));
        Put("full-to", facts.FullTo is { } fullTo ? Text(fullTo) : null);
        Put("bytes-per-pixel", facts.BytesPerPixel is { } bytes ? Text(bytes) : null);
        Put("fixed-bytes", facts.FixedBytes is { } fixedBytes ? Text(fixedBytes) : null);
        Put("weights-sha256", facts.WeightsSha256);
        var shared = facts.Shared.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary();
        Put("shared", shared.Count == 0 ? null : JsonSerializer.Serialize(shared));
        foreach (var (key, value) in facts.Other)
            all.TryAdd(key, value);
        return all;
    }

    /// <summary>Null for a file that says nothing of ours.</summary>
    /// <exception cref="OnnxFileException">A key is missing, or its value makes no sense.</exception>
    public static ModelFacts? Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.Keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal)))
            return null;
        var reader = new Reader(path, metadata);
        int format = (int)reader.Whole(Format, 1, int.MaxValue);
        if (format > ModelFacts.CurrentFormat)
            throw new OnnxFileException(
                path, $"was written by a newer Unpress (its facts have version {format}, this one reads {ModelFacts.CurrentFormat})");
        return new ModelFacts
        {
            Network = reader.Required("network"),
            Options = reader.Object("options"),
            Description = reader.Text("description"),
            Codec = reader.Text("codec"),
            Recipe = reader.Text("recipe"),
            Data = reader.Text("data"),
            Licence = reader.Text("licence"),
            MadeBy = reader.Text("made-by"),
            Steps = reader.Has("steps") ? reader.Whole("steps", 0, long.MaxValue) : null,
            Hours = reader.Has("hours") ? reader.Number("hours", 0) : null,
            Channels = (int)reader.Whole("channels", 1, 3, 2),
            Range = reader.Range("range"),
            Layout = reader.OneOf("layout", TensorLayout.Nchw),
            Colours = reader.OneOf("colours", ColourOrder.Rgb),
            ReceptiveField = (int)reader.Whole("receptive-field", 0, LargestReach),
            SizeMultiple = reader.Has("size-multiple") ? (int)reader.Whole("size-multiple", 1, LargestMultiple) : 1,
            LeastSide = reader.Has("least-side") ? (int)reader.Whole("least-side", 1, LargestMultiple) : 1,
            Padding = reader.OneOf("padding", PaddingPlace.Inside),
            SeesWhole = reader.OneOf("sees-whole", Truth.False) == Truth.True,
            Uses = reader.Inputs("uses"),
            Needs = reader.Inputs("needs"),
            Sampling = reader.Text("sampling"),
            Surveys = reader.List("surveys"),
            FullTo = reader.Has("full-to") ? (int)reader.Whole("full-to", 1, 99) : null,
            BytesPerPixel = reader.Has("bytes-per-pixel") ? reader.Number("bytes-per-pixel", 0) : null,
            FixedBytes = reader.Has("fixed-bytes") ? reader.Whole("fixed-bytes", 0, long.MaxValue) : null,
            WeightsSha256 = reader.Text("weights-sha256"),
            Shared = reader.Pairs("shared"),
            Other = metadata.Where(pair => !pair.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(),
        };
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

#pragma warning disable CA1308 // The names are lower case in the files.
    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private enum Truth
    {
        False,
        True,
    }

    private sealed class Reader(string path, IReadOnlyDictionary<string, string> metadata)
    {
        public bool Has(string key) => metadata.ContainsKey(Prefix + key);

        public string? Text(string key) => metadata.GetValueOrDefault(Prefix + key);

        public string Required(string key)
            => Text(key) ?? throw new OnnxFileException(path, $"says nothing of '{Prefix}{key}' in its metadata");

        public long Whole(string key, long least, long most, long? except = null)
            => long.TryParse(Required(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
                && value >= least && value <= most && value != except ? value : throw Fault(key);

        public double Number(string key, double least)
            => double.TryParse(Required(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && double.IsFinite(value) && value >= least ? value : throw Fault(key);

        public ValueRange Range(string key)
        {
            if (Text(key) is not { } text)
                return ValueRange.Unit;
            string[] ends = text.Split("..");
            return ends.Length == 2
                && double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double low)
                && double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double high)
                && double.IsFinite(low) && double.IsFinite(high) && low < high
                ? new ValueRange(low, high)
                : throw Fault(key);
        }

        public T OneOf<T>(string key, T usual) where T : struct, Enum
        {
            if (Text(key) is not { } text)
                return usual;
            foreach (var value in Enum.GetValues<T>())
                if (Name(value) == text)
                    return value;
            throw Fault(key);
        }

        public ModelInputs Inputs(string key)
        {
            var all = ModelInputs.None;
            foreach (string name in List(key))
            {
                ModelInputs[] named = [.. Enum.GetValues<ModelInputs>().Where(value => Name(value) == name)];
                all |= named.Length == 1 ? named[0] : throw Fault(key);
            }

            return all;
        }

        public string[] List(string key)
            => Text(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

        public JsonObject Object(string key)
        {
            try
            {
                return Text(key) is { } json ? JsonNode.Parse(json) as JsonObject ?? throw Fault(key) : [];
            }
            catch (JsonException)
            {
                throw Fault(key);
            }
        }

        public Dictionary<string, string> Pairs(string key)
        {
            var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, node) in Object(key))
                pairs[name] = node is JsonValue value && value.TryGetValue(out string? text) ? text : throw Fault(key);
            return pairs;
        }

        private OnnxFileException Fault(string key) => new(path, $"its metadata '{Prefix}{key}' cannot be '{Text(key)}'");
    }
}

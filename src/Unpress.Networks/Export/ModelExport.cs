using System.Globalization;
using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Networks.Export;

/// <summary>What is to be written, and what cannot be known from the weights' file.</summary>
public sealed record ModelExportOptions
{
    /// <summary>Store weights as float16, or as float32; null for what the file has.</summary>
    public bool? Half { get; init; }

    /// <summary>Facts by the keys of docs/onnx.md without their prefix, such as licence: they go before what the file says.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>Tells how many bytes a run of an ONNX file takes on a picture of side × side pixels; null leaves the memory out.</summary>
    public Func<string, int, long>? Measure { get; init; }
}

/// <summary>What was written.</summary>
/// <param name="Difference">The largest difference to libtorch, relative to the largest number.</param>
public sealed record ExportedModel(ModelFacts Facts, double Difference, int Operators);

/// <summary>From a file of weights to a checked ONNX model.</summary>
public static class ModelExport
{
    /// <summary>Keys that a person can say; the others follow from the network.</summary>
    public static IReadOnlyList<string> Sayable { get; } =
        ["description", "codec", "recipe", "data", "licence", "made-by", "steps", "hours", "full-to"];

    /// <summary>Exports a file of weights of ours.</summary>
    /// <exception cref="WeightsFormatException">It is no such file.</exception>
    /// <exception cref="ExportException">The network does what a graph cannot, or the graph does not do what the network does.</exception>
    /// <exception cref="OnnxFileException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">A fact that makes no sense.</exception>
    public static ExportedModel Run(string source, string output, ModelExportOptions options)
    {
        using var loaded = ModelFile.Load(source);
        bool half = options.Half ?? IsHalf(source);
        var network = JsonNode.Parse(loaded.Metadata.GetValueOrDefault(ModelFile.OptionsKey) ?? "{}")!.AsObject();
        return Run(loaded.Network, loaded.Name, network, loaded.Metadata, output, half, options);
    }

    /// <summary>Exports a network as it is.</summary>
    /// <param name="about">What is known of it: the metadata of a weight file.</param>
    /// <inheritdoc cref="Run(string, string, ModelExportOptions)"/>
    public static ExportedModel Run(
        Network network, string name, JsonObject networkOptions, IReadOnlyDictionary<string, string> about, string output, bool half,
        ModelExportOptions options)
    {
        if (half)
            Round(network);
        var facts = FactsOf(name, networkOptions, about, options.Facts);
        var model = OnnxExport.Create(network, facts, half);
        double difference = ExportCheck.Compare(network, model);
        facts = OnnxFile.FactsOf(model)! with { LeastSide = ExportCheck.LeastSide(network, model) };
        OnnxFile.SetFacts(model, facts);
        AtomicFile.CreateFolderOf(output);
        if (options.Measure is { } measure)
        {
            facts = Measured(facts, model, output, measure);
            OnnxFile.SetFacts(model, facts);
        }

        OnnxFile.Write(output, model);
        return new ExportedModel(facts, difference, model.Graph.Node.Count);
    }

    private static bool IsHalf(string source)
    {
        using var file = ModelWeights.Open(source);
        return file.Tensors.Any(tensor => tensor.DType == DType.Float16);
    }

    /// <summary>What the stored numbers will be: the network is compared with them.</summary>
    private static void Round(Network network)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, tensor) in network.StateDict())
        {
            if (tensor.DType != DType.Float32)
                continue;
            using var scope = TensorScope.Enter();
            tensor.Copy(tensor.To(DType.Float16));
        }
    }

    private static ModelFacts FactsOf(
        string name, JsonObject options, IReadOnlyDictionary<string, string> about, IReadOnlyDictionary<string, string> said)
    {
        if (said.Keys.FirstOrDefault(key => !Sayable.Contains(key)) is { } stranger)
            throw new ArgumentException($"there is no fact '{stranger}' to be said; there are {string.Join(", ", Sayable)}");
        string? Of(string key) => said.GetValueOrDefault(key) ?? about.GetValueOrDefault(key);
        string? maker = about.ContainsKey("recipe") ? "unpress train" : null;
        return new ModelFacts
        {
            Network = name,
            Options = options,
            Channels = 1, // this and the rest are the network's to tell
            ReceptiveField = 0,
            Description = Of("description"),
            Codec = Of("codec"),
            Recipe = Of("recipe"),
            Data = Of("data"),
            Licence = Of("licence"),
            MadeBy = Of("made-by") ?? maker,
            Steps = (long?)Number("steps"),
            Hours = Number("hours"),
            FullTo = Number("full-to") is { } fullTo
                ? fullTo is >= 1 and <= 99 ? (int)fullTo : throw new ArgumentException($"full-to is a quality factor of 1 to 99, not {fullTo}")
                : null,
            Other = about.Where(entry => !Sayable.Contains(entry.Key) && entry.Key is not (ModelFile.NetworkKey or ModelFile.OptionsKey))
                .ToDictionary(),
        };

        double? Number(string key)
            => Of(key) is not { } text ? null
                : double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number
                : throw new ArgumentException($"{key} is a number, not '{text}'");
    }

    private static ModelFacts Measured(ModelFacts facts, ModelProto model, string output, Func<string, int, long> measure)
    {
        string temporary = $"{output}.{Guid.NewGuid():N}.onnx";
        try
        {
            OnnxFile.Write(temporary, model);
            var (each, whole) = MemoryLine.Of(side => measure(temporary, side));
            return facts with { BytesPerPixel = each, FixedBytes = whole };
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

/// <summary>A network that cannot be written as a graph: its message says which operator or size is in the way.</summary>
public sealed class ExportException(string message) : UnpressException(message);

/// <summary>Memory of a run as a straight line: so much for each pixel, and so much besides.</summary>
public static class MemoryLine
{
    private const int Small = 128, Middle = 256, Largest = 1024, Step = 64;

    /// <summary>What the largest picture that is tried may take, about.</summary>
    private const double Most = 1L << 30;

    /// <param name="measure">Bytes of a run on side × side pixels.</param>
    /// <returns>A line that no measured run lies above; its slope is that between the two largest.</returns>
    public static (double PerPixel, long Fixed) Of(Func<int, long> measure)
    {
        var runs = new List<(double Pixels, long Bytes)> { Run(Small), Run(Middle) };
        double slope = Slope(runs[0], runs[1]);
        int side = (int)Math.Min(Largest, Math.Sqrt(Most / slope)) / Step * Step;
        if (side > Middle)
        {
            runs.Add(Run(side));
            slope = Slope(runs[1], runs[2]);
        }

        return (Math.Round(slope), (long)Math.Ceiling(runs.Max(run => Math.Max(0, run.Bytes - (Math.Round(slope) * run.Pixels)))));

        (double Pixels, long Bytes) Run(int size) => ((double)size * size, measure(size));
    }

    // A run that takes nothing measurable is taken to hold its picture once.
    private static double Slope((double Pixels, long Bytes) small, (double Pixels, long Bytes) large)
        => Math.Max(sizeof(float), (large.Bytes - small.Bytes) / (large.Pixels - small.Pixels));
}

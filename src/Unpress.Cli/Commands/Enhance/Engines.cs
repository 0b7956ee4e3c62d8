using System.Runtime.CompilerServices;
using Unpress.Inference;
using Unpress.Models;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>How a model is to be run, in the words of the command line.</summary>
internal sealed record EngineOptions
{
    public string Engine { get; init; } = Engines.Auto;

    public string Device { get; init; } = OnnxDevice.Auto;

    public string Precision { get; init; } = "auto";

    public int Threads { get; init; } = Environment.ProcessorCount;

    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}

/// <summary>The engines by their words.</summary>
internal static class Engines
{
    public const string Auto = "auto", Onnx = "onnx", Torch = "torch";

    public static readonly string[] All = [Auto, Onnx, Torch];

    /// <exception cref="ArgumentException">The engine and the file do not go together.</exception>
    public static IModel Open(string file, EngineOptions options)
    {
        bool weights = file.EndsWith(ModelFinder.WeightsExtension, StringComparison.OrdinalIgnoreCase);
        if (weights && options.Engine == Onnx)
            throw new ArgumentException($"{file}: ONNX Runtime runs .onnx files; 'unpress export' makes one of it");
        if (weights || options.Engine == Torch)
            return OpenNetwork(file, options);
        return OnnxModel.Open(file, new OnnxModelOptions { Threads = options.Threads, Device = options.Device, Facts = options.Facts });
    }

    // Apart, so that the assemblies of the workshop are loaded only by who comes here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NetworkModel OpenNetwork(string file, EngineOptions options)
    {
        if (options.Facts.Count > 0)
            throw new ArgumentException(ModelOpener.NoFacts);
        return ModelOpener.OpenNetwork(file, new NetworkModelOptions
        {
            Precision = Enum.Parse<InferencePrecision>(options.Precision, ignoreCase: true),
            Device = Devices.Find(options.Device),
            Threads = options.Threads,
        });
    }
}

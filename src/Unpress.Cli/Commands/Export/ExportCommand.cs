using System.CommandLine;
using System.Globalization;
using Unpress.Imaging;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Networks.Export;
using Unpress.Onnx;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Cli.Commands.Export;

/// <summary><c>unpress export MODEL -o model.onnx</c>: a trained network as an ONNX model, checked against libtorch.</summary>
public static class ExportCommand
{
    private const string OnnxExtension = ".onnx";

    public static Command Create()
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A weight file of a run, a model of the models folder, or with --random a network (see unpress models).",
        };
        var output = new Option<string>("--output", "-o") { Description = "The model file to write (.onnx)." };
        var half = new Option<bool>("--half") { Description = "Store weights as float16, half the size [default: as the file has them]." };
        var full = new Option<bool>("--full") { Description = "Store weights as float32." };
        var fact = new Option<string[]>("--fact")
        {
            Description = $"What the file does not say: --fact licence=MIT; of {string.Join(", ", ModelExport.Sayable)}; may be repeated.",
            HelpName = "KEY=TEXT",
        };
        var random = new Option<bool>("--random") { Description = "Fresh weights for a network of that name, to try it." };
        var set = new Option<string[]>("--set")
        {
            Description = "With --random, an option of the network: --set channels=1; may be repeated.",
        };
        var noMemory = new Option<bool>("--no-memory") { Description = "Do not measure how much memory a run takes." };
        var memory = new Option<int?>("--memory")
        {
            Description = "Write nothing; tell how many bytes a run of an ONNX MODEL takes on SIDE x SIDE pixels.",
            HelpName = "SIDE",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it exists." };
        var command = new Command("export", "Write a trained network as an ONNX model, which runs anywhere, and compare both.")
        {
            model, output, half, full, fact, random, set, noMemory, memory, overwrite,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(parsed.GetValue(memory) is { } side
            ? Measure(parsed, parsed.GetValue(model)!, side)
            : Export(
                parsed, parsed.GetValue(model)!, parsed.GetValue(output), parsed.GetValue(random), parsed.GetValue(set),
                new ModelExportOptions
                {
                    Half = parsed.GetValue(half) ? parsed.GetValue(full) ? throw new ArgumentException("--half or --full, not both") : true
                        : parsed.GetValue(full) ? false : null,
                    Facts = Facts(parsed.GetValue(fact)),
                    Measure = parsed.GetValue(noMemory) ? null : (path, size) => MemoryOfRun.Measure(path, size, cancellation),
                },
                parsed.GetValue(overwrite))));
        return command;
    }

    private static int Export(
        ParseResult parsed, string model, string? output, bool random, string[]? set, ModelExportOptions options, bool overwrite)
    {
        if (output is null)
            throw new ArgumentException("--output FILE.onnx is missing");
        if (!output.EndsWith(OnnxExtension, StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"{output}: an ONNX model's name ends in {OnnxExtension}");
        if (File.Exists(output) && !overwrite)
            throw new ArgumentException($"{output}: exists; add --overwrite to replace it");
        if (!random && set is not (null or []))
            throw new ArgumentException("--set is for --random; a weight file has its options");
        var exported = random ? Fresh(model, set, output, options) : ModelExport.Run(ModelFinder.Find(model), output, options);
        string bytes = exported.Facts.BytesPerPixel is { } each
            ? string.Create(CultureInfo.InvariantCulture, $", {each:0} bytes a pixel and {exported.Facts.FixedBytes / 1e6:0} MB besides")
            : "";
        long size = new FileInfo(output).Length;
        parsed.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{output}: {exported.Operators} operators, {size / 1e6:0.0} MB, {exported.Difference:0.0e+0} from libtorch{bytes}"));
        return ExitCodes.Ok;
    }

    private static ExportedModel Fresh(string name, string[]? set, string output, ModelExportOptions options)
    {
        var entry = NetworkCatalog.Find(name);
        var chosen = OptionText.Parse(set);
        TorchRuntime.Seed(1);
        using var network = entry.Create(chosen);
        // A layer that starts at zero would hide whatever is before it.
        foreach (var (_, tensor) in network.NamedParameters())
            if (tensor.Rank == 4 && tensor.Abs().Max().Item() == 0)
                Init.Normal(tensor, 0, 0.05);
        var nothing = new Dictionary<string, string>();
        return ModelExport.Run(network, entry.Name, entry.Resolve(chosen), nothing, output, options.Half ?? false, options);
    }

    private static int Measure(ParseResult parsed, string model, int side)
    {
        if (side is < 8 or > 16384)
            throw new ArgumentException($"--memory {side}: 8 to 16384");
        parsed.InvocationConfiguration.Output.WriteLine(MemoryOfRun.Here(model, side).ToString(CultureInfo.InvariantCulture));
        return ExitCodes.Ok;
    }

    private static Dictionary<string, string> Facts(string[]? assignments)
    {
        var facts = new Dictionary<string, string>();
        foreach (string assignment in assignments ?? [])
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new ArgumentException($"--fact {assignment}: expected KEY=TEXT");
            facts[assignment[..equals]] = assignment[(equals + 1)..];
        }

        return facts;
    }
}

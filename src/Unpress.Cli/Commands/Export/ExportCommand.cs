using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Unpress.Data;
using Unpress.Imaging;
using Unpress.Inference;
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
            Arity = ArgumentArity.ZeroOrOne,
        };
        var web = new Option<string>("--web") { Description = "Write the studio as a page that needs no server into this folder; MODEL, if given, is selected first.", HelpName = "DIR" };
        var runtime = new Option<string>("--runtime")
        {
            Description = "With --web: the npm package onnxruntime-web as a file; by default it is downloaded.",
            HelpName = "FILE",
        };
        var output = new Option<string>("--output", "-o") { Description = "The model file to write (.onnx)." };
        var half = new Option<bool>("--half") { Description = "Store weights as float16, half the size [default: as the file has them]." };
        var full = new Option<bool>("--full") { Description = "Store weights as float32." };
        var fact = new Option<string[]>("--fact")
        {
            Description = $"A fact that the file does not contain: --fact licence=MIT; one of {string.Join(", ", ModelExport.Sayable)}; may be repeated.",
            HelpName = "KEY=TEXT",
        };
        var random = new Option<bool>("--random") { Description = "Use random weights for a network of that name, to try it." };
        var set = new Option<string[]>("--set")
        {
            Description = "With --random, an option of the network: --set channels=1; may be repeated.",
        };
        var noMemory = new Option<bool>("--no-memory") { Description = "Do not measure how much memory a run takes." };
        var memory = NumberOption.Maybe("--memory", "Write nothing; tell how many bytes a run of an ONNX MODEL takes on SIDE x SIDE pixels.", 8, 16384);
        memory.HelpName = "SIDE";
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it exists." };
        var command = new Command("export", "Write a trained network as an ONNX model, which runs anywhere, and compare the two.")
        {
            model, output, half, full, fact, random, set, noMemory, memory, web, runtime, overwrite,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(web) is null && result.GetResult(runtime) is not null)
                result.AddError("--runtime belongs to --web");
        });
        command.SetAction((parsed, cancellation) => parsed.GetValue(web) is { } folder
            ? WebPage.WriteAsync(parsed, folder, parsed.GetValue(model), parsed.GetValue(runtime), parsed.GetValue(overwrite), cancellation)
            : Task.FromResult(parsed.GetValue(memory) is { } side
            ? Measure(parsed, parsed.GetValue(model) ?? throw new ArgumentException("--memory: name a MODEL"), side)
            : Export(
                parsed, parsed.GetValue(model) ?? throw new ArgumentException("MODEL is missing: name a weight file, or --web DIR"),
                parsed.GetValue(output), parsed.GetValue(random), parsed.GetValue(set),
                new ModelExportOptions
                {
                    Half = parsed.GetValue(half) ? parsed.GetValue(full) ? throw new ArgumentException("--half or --full, not both") : true
                        : parsed.GetValue(full) ? false : null,
                    Facts = Facts(parsed.GetValue(fact)),
                    Measure = parsed.GetValue(noMemory) ? null : (path, size) => MemoryOfRun.Measure(path, size, cancellation),
                },
                parsed.GetValue(overwrite))));
        return command.WithExamples(
            "unpress export runs/photo/model.safetensors -o photo.onnx --half",
            "unpress export --web page # the studio as a page that needs no server");
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

/// <summary>
/// How much memory a run of an ONNX model takes, in a process of its own: the most that it ever held, less what it held before the model
/// was loaded. Nothing else shows all of it: ONNX Runtime's weights in the order its kernels like, its buffers, the results between.
/// </summary>
internal static class MemoryOfRun
{
    /// <summary>Asks a child of this program.</summary>
    /// <exception cref="ExportException">It failed; what it said is in the message.</exception>
    public static long Measure(string path, int side, CancellationToken cancellation)
    {
        string program = typeof(MemoryOfRun).Assembly.Location, host = Environment.ProcessPath ?? "dotnet";
        bool isHosted = Path.GetFileNameWithoutExtension(host) is "dotnet" or "testhost";
        var start = new ProcessStartInfo(isHosted ? "dotnet" : host) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (isHosted)
            start.ArgumentList.Add(program);
        foreach (string argument in new[] { "export", path, "--memory", side.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        using var ended = cancellation.Register(() => child.Kill());
        string error = "";
        child.ErrorDataReceived += (_, line) => error += line.Data;
        child.BeginErrorReadLine();
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return child.ExitCode == ExitCodes.Ok && long.TryParse(output.Trim(), CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : throw new ExportException($"measuring a run on {side}x{side} pixels failed: {error}");
    }

    /// <summary>In this very process, which should do nothing else; by the session that <c>enhance</c> takes.</summary>
    /// <exception cref="OnnxFileException">The file is no model.</exception>
    /// <exception cref="ModelException">ONNX Runtime cannot run it.</exception>
    public static long Here(string path, int side)
    {
        int channels = OnnxFile.Read(path).Facts?.Channels ?? 3;
        using Planes picture = new(channels, side, side), output = new(channels, side, side);
        picture.Values.Clear();
        output.Values.Clear();
        using var self = Process.GetCurrentProcess();
        long before = Environment.WorkingSet;
        using var model = OnnxModel.Open(path, new OnnxModelOptions { Device = OnnxDevice.Cpu });
        model.Run(BlankInput.For(model.Facts, picture), output);
        self.Refresh();
        return Math.Max(0, self.PeakWorkingSet64 - before);
    }
}

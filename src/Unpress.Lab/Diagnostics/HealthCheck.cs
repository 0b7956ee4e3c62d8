using System.Reflection;
using System.Runtime.InteropServices;
using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Diagnostics;

/// <summary>Loads every native library we use and tells what came of it.</summary>
public static class HealthCheck
{
    public static HealthReport Run()
    {
        List<string> missing = [];
        string? onnx = Ask(() => OnnxRuntimeLibrary.Version, out string? problem);
        if (problem is not null)
            missing.Add($"ONNX Runtime: {problem}");

        problem = null;
        string? torch = TorchRuntime.IsHere ? Ask(() => TorchRuntime.Version, out problem) : null;
        if (problem is not null)
            missing.Add($"libtorch: {problem}");

        ImagingInfo? imaging = Ask(ImagingInfo.Read, out problem);
        if (problem is not null)
            missing.Add($"libvips: {problem}");

        ModelState model = ModelState.Find();
        if (model.Problem is not null)
            missing.Add($"model: {model.Problem}");

        CodecState[] codecs = [.. CodecList.All.Select(StateOf)];

        return new(
            Version: typeof(HealthCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            Runtime: RuntimeInformation.FrameworkDescription,
            System: RuntimeInformation.OSDescription,
            Cpu: CpuFacts.OfThisMachine(),
            MemoryBytes: GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            OnnxRuntime: onnx,
            Providers: onnx is null ? [] : OnnxRuntimeLibrary.Providers,
            Torch: torch,
            TorchThreads: torch is null ? 0 : TorchRuntime.Threads,
            CudaDevices: torch is null ? 0 : TorchRuntime.CudaDeviceCount,
            Vips: imaging?.Vips.Version,
            VipsParts: imaging?.Parts ?? [],
            Programs: imaging?.Programs ?? [],
            Reads: imaging?.Readers ?? [],
            Writes: imaging?.Writers ?? [],
            Codecs: codecs,
            Libraries: LoadedLibraries.InThisProcess(), // last: now everything that can be loaded is
            Model: model,
            Missing: missing);
    }

    private static CodecState StateOf(ICodec codec)
    {
        string? encoder = Ask(() => codec.Encoder, out string? problem);
        return new(codec.Name, encoder, problem);
    }

    // Whatever goes wrong while a library is loaded is a finding, not a failure of the examination.
    private static T? Ask<T>(Func<T> question, out string? problem)
        where T : class
    {
        try
        {
            problem = null;
            return question();
        }
        catch (Exception failure)
        {
            problem = failure.GetBaseException().Message.ReplaceLineEndings(" ");
            return null;
        }
    }
}

/// <summary>What this machine has for our work.</summary>
/// <param name="OnnxRuntime">Version of ONNX Runtime, which runs models; null when it could not be loaded.</param>
/// <param name="Providers">What this ONNX Runtime was built to compute on: CPU, CUDA, CoreML, ….</param>
/// <param name="Torch">Version of libtorch, which training, the zoo of networks and learned metrics need; null when it is not set up, which
/// is no fault, or could not be loaded.</param>
/// <param name="TorchThreads">Threads libtorch starts with inside one operator; 0 without libtorch.</param>
/// <param name="CudaDevices">Graphics cards this libtorch can use.</param>
/// <param name="MemoryBytes">Memory this process may use, containers' limits included.</param>
/// <param name="Vips">Version of libvips; null when it could not be loaded.</param>
/// <param name="VipsParts">The decoders and encoders linked into libvips, with their versions.</param>
/// <param name="Programs">What reads and writes HEIC and JPEG 2000; absent ones are no fault.</param>
/// <param name="Reads">Formats that can be opened.</param>
/// <param name="Writes">Formats that can be saved.</param>
/// <param name="Model">The model that <c>enhance</c> uses when none is named.</param>
/// <param name="Missing">What is needed and absent: what is wrong and how to put it right, one line each. Empty is healthy.</param>
public sealed record HealthReport(
    string Version,
    string Runtime,
    string System,
    CpuFacts Cpu,
    long MemoryBytes,
    string? OnnxRuntime,
    IReadOnlyList<string> Providers,
    string? Torch,
    int TorchThreads,
    int CudaDevices,
    string? Vips,
    IReadOnlyList<string> VipsParts,
    IReadOnlyList<PictureProgramState> Programs,
    IReadOnlyList<string> Reads,
    IReadOnlyList<string> Writes,
    IReadOnlyList<CodecState> Codecs,
    IReadOnlyList<LoadedLibrary> Libraries,
    ModelState Model,
    IReadOnlyList<string> Missing)
{
    public bool IsHealthy => Missing.Count == 0;
}

/// <summary>The default model, without which <c>enhance</c> does nothing.</summary>
/// <param name="Path">Its file; null when there is none.</param>
/// <param name="Bytes">Length of the file; 0 without one.</param>
/// <param name="Checked">True when the file has the SHA-256 that the list beside it gives.</param>
/// <param name="Problem">Why it cannot be used or trusted, and how to get it; null when all is well, or when no list says what it should be.</param>
public sealed record ModelState(string? Path, long Bytes, bool Checked, string? Problem)
{
    private const string List = "SHA256SUMS";
    private const string Remedy = "it comes with the project: git checkout -- models";

    /// <param name="start">Where the search for a folder "models" begins, upward; null for the program's own folder.</param>
    public static ModelState Find(string? start = null)
    {
        string path;
        try
        {
            path = ModelFinder.Find(ModelFinder.Default, start);
        }
        catch (MissingToolException)
        {
            return new(null, 0, false, $"no {ModelFinder.Default}{ModelFinder.Extension} in a models folder; {Remedy}");
        }

        long bytes = new FileInfo(path).Length;
        string? expected = Expected(path);
        if (expected is null)
            return new(path, bytes, false, null);
        bool same = FileCheck.Hash(path).Equals(expected, StringComparison.OrdinalIgnoreCase);
        return new(path, bytes, same, same ? null : $"{path} is not the file whose SHA-256 {List} gives; {Remedy}");
    }

    // As sha256sum writes them: the hash, two signs, the name.
    private static string? Expected(string path)
    {
        string list = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, List);
        return !File.Exists(list) ? null : File.ReadLines(list)
            .Select(line => line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .FirstOrDefault(parts => parts.Length == 2 && parts[1].TrimStart('*') == System.IO.Path.GetFileName(path))?[0];
    }
}

using System.Reflection;
using System.Runtime.InteropServices;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Models;
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

using System.Reflection;
using System.Runtime.InteropServices;
using Unpress.Imaging.Codecs;
using Unpress.Torch;

namespace Unpress.Diagnostics;

/// <summary>Loads every native library we use and tells what came of it.</summary>
public static class HealthCheck
{
    /// <summary>Without this one no photo can be read back from a camera; the other codecs are for experiments.</summary>
    private const string NeededCodec = "jpeg";

    public static HealthReport Run()
    {
        List<string> missing = [];
        string? torch = Ask(() => TorchRuntime.Version, out string? problem);
        if (problem is not null)
            missing.Add($"libtorch: {problem}");

        CodecState[] codecs = [.. CodecList.All.Select(StateOf)];
        missing.AddRange(codecs.Where(codec => codec.Name == NeededCodec && codec.Problem is not null).Select(codec => $"JPEG: {codec.Problem}"));

        return new(
            Version: typeof(HealthCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            Runtime: RuntimeInformation.FrameworkDescription,
            System: RuntimeInformation.OSDescription,
            Cpu: CpuFacts.OfThisMachine(),
            MemoryBytes: GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Torch: torch,
            TorchThreads: torch is null ? 0 : TorchRuntime.Threads,
            CudaDevices: torch is null ? 0 : TorchRuntime.CudaDeviceCount,
            Codecs: codecs,
            Libraries: LoadedLibraries.InThisProcess(), // last: now everything that can be loaded is
            Missing: missing);
    }

    private static CodecState StateOf(ICodec codec)
    {
        string? encoder = Ask(() => codec.Encoder, out string? problem);
        return new(codec.Name, encoder, problem);
    }

    // Whatever goes wrong while a library is loaded is a finding, not a failure of the examination.
    private static string? Ask(Func<string> question, out string? problem)
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

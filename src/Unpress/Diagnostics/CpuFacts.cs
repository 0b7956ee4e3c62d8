using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Unpress.Diagnostics;

/// <summary>What the processor offers to convolutions.</summary>
/// <param name="Model">As the processor names itself.</param>
/// <param name="Threads">Hardware threads this process may use.</param>
/// <param name="Avx2">256-bit arithmetic: the least for acceptable speed.</param>
/// <param name="Avx512">512-bit arithmetic.</param>
/// <param name="Bf16">Native bfloat16 arithmetic (AVX512_BF16): halves the time of a convolution.</param>
/// <param name="Amx">Matrix tiles in bfloat16 (AMX-BF16).</param>
public sealed record CpuFacts(string Model, int Threads, bool Avx2, bool Avx512, bool Bf16, bool Amx)
{
    /// <summary>From /proc/cpuinfo; elsewhere than on Linux what the runtime knows of the processor.</summary>
    public static CpuFacts OfThisMachine() => File.Exists("/proc/cpuinfo")
        ? Parse(File.ReadLines("/proc/cpuinfo"), Environment.ProcessorCount)
        : new(RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount, System.Runtime.Intrinsics.X86.Avx2.IsSupported,
            Avx512F.IsSupported, false, false);

    /// <summary>Reads the format of /proc/cpuinfo; the first processor speaks for all.</summary>
    public static CpuFacts Parse(IEnumerable<string> cpuinfo, int threads)
    {
        string model = "unknown";
        HashSet<string> flags = [];
        foreach (string line in cpuinfo.TakeWhile(line => line.Length > 0))
        {
            string[] parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts is ["model name", var name])
                model = name;
            else if (parts is ["flags", var list])
                flags = [.. list.Split(' ')];
        }

        return new(
            model,
            threads,
            flags.Contains("avx2"),
            flags.Contains("avx512f"),
            flags.Contains("avx512_bf16"),
            flags.Contains("amx_bf16"));
    }
}

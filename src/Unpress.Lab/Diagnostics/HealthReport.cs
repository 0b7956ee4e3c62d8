using Unpress.Imaging;

namespace Unpress.Diagnostics;

/// <summary>What this machine has for our work.</summary>
/// <param name="Torch">Version of libtorch; null when it could not be loaded.</param>
/// <param name="TorchThreads">Threads libtorch starts with inside one operator; 0 without libtorch.</param>
/// <param name="CudaDevices">Graphics cards this libtorch can use.</param>
/// <param name="MemoryBytes">Memory this process may use, containers' limits included.</param>
/// <param name="Vips">Version of libvips; null when it could not be loaded.</param>
/// <param name="VipsParts">The decoders and encoders linked into libvips, with their versions.</param>
/// <param name="Programs">What reads and writes HEIC and JPEG 2000; absent ones are no fault.</param>
/// <param name="OpenCv">Version of OpenCV, which only <c>lab downstream</c> needs; null when it is not there, which is no fault.</param>
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
    string? Torch,
    int TorchThreads,
    int CudaDevices,
    string? Vips,
    IReadOnlyList<string> VipsParts,
    IReadOnlyList<PictureProgramState> Programs,
    string? OpenCv,
    IReadOnlyList<string> Reads,
    IReadOnlyList<string> Writes,
    IReadOnlyList<CodecState> Codecs,
    IReadOnlyList<LoadedLibrary> Libraries,
    ModelState Model,
    IReadOnlyList<string> Missing)
{
    public bool IsHealthy => Missing.Count == 0;
}

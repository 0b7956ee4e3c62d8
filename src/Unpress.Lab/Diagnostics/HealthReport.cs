using Unpress.Imaging;

namespace Unpress.Diagnostics;

/// <summary>What this machine has for our work.</summary>
/// <param name="OnnxRuntime">Version of ONNX Runtime, which runs models; null when it could not be loaded.</param>
/// <param name="Providers">What this ONNX Runtime was built to compute on: CPU, CUDA, CoreML, ….</param>
/// <param name="Torch">Version of libtorch, which training, the zoo of networks and learned metrics need; null when it is not set up, which is no fault, or could not be loaded.</param>
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

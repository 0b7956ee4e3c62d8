using Unpress.Imaging;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>Devices by the words of options and recipes: auto, cpu, cuda.</summary>
public static class Devices
{
    /// <summary>For auto, CUDA where it works.</summary>
    /// <exception cref="MissingToolException">CUDA was asked for and there is none.</exception>
    public static Device Find(string name) => name switch
    {
        "cpu" => Device.Cpu,
        "auto" => TorchRuntime.CudaDeviceCount > 0 ? Device.Cuda() : Device.Cpu,
        _ => TorchRuntime.CudaDeviceCount > 0 ? Device.Cuda() : throw new MissingToolException("a CUDA device", "this libtorch finds none; --device cpu"),
    };
}

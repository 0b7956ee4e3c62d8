using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>How many bytes a network takes for one pixel of its input, measured by running it.</summary>
internal static class MemoryProbe
{
    /// <summary>More than any network here takes: what fits by this needs no measurement.</summary>
    public const double Pessimistic = 4096;

    private const double Safety = 1.2;
    private const int Side = 384;

    /// <summary>Runs the network once small, so that libraries are loaded and kernels made, and once measured.</summary>
    public static double BytesPerPixel(Network network, Device device)
    {
        Run(network, device, 64);
        long bytes = device.IsCuda ? CudaBytes(network, device) : CpuBytes(network);
        return Safety * bytes / (Side * Side);
    }

    private static void Run(Network network, Device device, int side)
    {
        using var scope = TensorScope.Enter();
        network.Forward(Tensor.Zeros([1, network.Facts.Channels, side, side], device: device), Conditions.Blank(network.Facts, side, side, device));
    }

    private static long CudaBytes(Network network, Device device)
    {
        var before = TorchRuntime.CudaMemory(Math.Max(0, device.Index));
        Run(network, device, Side);
        TorchRuntime.Synchronize(device);
        return TorchRuntime.CudaMemory(Math.Max(0, device.Index)).Peak - before.Allocated;
    }

    private static long CpuBytes(Network network)
    {
        TorchRuntime.EmptyCpuCache();
        TorchRuntime.ResetCpuPeak();
        long before = TorchRuntime.CpuMemory().Live;
        Run(network, Device.Cpu, Side);
        return TorchRuntime.CpuMemory().Peak - before;
    }
}

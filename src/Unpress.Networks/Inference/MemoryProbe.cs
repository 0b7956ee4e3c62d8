using System.Diagnostics;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>
/// How many pixels a network can take at once, found by running it on two small pictures: what it takes for every pixel, and what it
/// takes whatever the size (IPT's squares, 8 at once). Slow networks and those of small pictures are tried on smaller ones.
/// </summary>
internal sealed class MemoryProbe(Network network, Device device)
{
    /// <summary>More than any network here takes: what fits by these needs no measurement.</summary>
    private const double MostFixed = 256 << 20, MostPerPixel = 16384;

    /// <summary>Tensors below 256 KiB are not counted by the probe: a narrow network seems to take nothing at all.</summary>
    private const double LeastPerPixel = 256;

    private const double Safety = 1.2;
    private const int Small = 64;

    private static readonly int[] Large = [384, 256, 128];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private (double Fixed, double PerPixel)? _line;

    /// <param name="wanted">Pixels of the whole picture.</param>
    /// <param name="free">Bytes there are.</param>
    /// <returns>1..<paramref name="wanted"/>.</returns>
    public long PixelsIn(long free, long wanted)
    {
        if (MostFixed + (wanted * MostPerPixel) <= free)
            return wanted;
        _line ??= Line(wanted);
        return (long)Math.Clamp((free - _line.Value.Fixed) / _line.Value.PerPixel, 1, wanted);
    }

    private (double Fixed, double PerPixel) Line(long wanted)
    {
        if (device.IsCuda)
            Run(Small); // libraries are loaded and kernels made, and leave memory in use
        long start = Stopwatch.GetTimestamp();
        long small = Bytes(Small);
        var time = Stopwatch.GetElapsedTime(start);
        // At most a quarter of the picture, and of a minute as the small one tells; else the last.
        int side = Large.FirstOrDefault(side => 4L * side * side <= wanted && time * (side * side / (Small * Small)) < Patience, Large[^1]);
        long large = Bytes(side);
        // Where the small picture's tensors are too small to be counted, this says too much.
        double perPixel = Math.Max(LeastPerPixel, (large - small) / (double)((side * side) - (Small * Small)));
        return (Safety * Math.Max(0, large - (perPixel * side * side)), Safety * perPixel);
    }

    private long Bytes(int side)
    {
        if (device.IsCuda)
        {
            var before = TorchRuntime.CudaMemory(Math.Max(0, device.Index));
            Run(side);
            TorchRuntime.Synchronize(device);
            return TorchRuntime.CudaMemory(Math.Max(0, device.Index)).Peak - before.Allocated;
        }

        TorchRuntime.EmptyCpuCache();
        TorchRuntime.ResetCpuPeak();
        long live = TorchRuntime.CpuMemory().Live;
        Run(side);
        return TorchRuntime.CpuMemory().Peak - live;
    }

    private void Run(int side)
    {
        using var scope = TensorScope.Enter();
        var input = Tensor.Zeros([1, network.Facts.Channels, side, side], device: device).Contiguous(device.FastFormat);
        network.Forward(input, Conditions.Blank(network.Facts, side, side, device));
    }
}

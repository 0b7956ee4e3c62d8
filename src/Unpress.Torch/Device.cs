using System.Runtime.Intrinsics;

namespace Unpress.Torch;

/// <summary>Where a tensor lives. The type codes are ATen's: 0 = CPU, 1 = CUDA, 14 = meta (shapes without numbers).</summary>
public readonly record struct Device(int Type, int Index = -1)
{
    public static Device Cpu => new(0);

    public static Device Cuda(int index = 0) => new(1, index);

    /// <summary>No place at all, see <see cref="ShapesOnly"/>.</summary>
    public static Device Meta => new(14);

    public bool IsCpu => Type == 0;

    public bool IsCuda => Type == 1;

    public bool IsMeta => Type == 14;

    /// <summary>
    /// How N×C×H×W should lie in memory there: tensor cores and CPU kernels of 512-bit vectors like channels last; on AVX2 it is no faster than
    /// the plain order.
    /// </summary>
    public MemoryFormat FastFormat => IsCuda || (IsCpu && Vector512.IsHardwareAccelerated) ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;

    public override string ToString() => IsCpu ? "cpu" : IsMeta ? "meta" : Index > 0 ? $"cuda:{Index}" : "cuda";
}

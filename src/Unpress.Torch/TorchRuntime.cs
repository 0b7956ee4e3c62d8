using System.Runtime.InteropServices;
using Unpress.Torch.Interop;

namespace Unpress.Torch;

/// <summary>The libtorch of this process: version, threads, seeds, devices.</summary>
public static class TorchRuntime
{
    /// <summary>
    /// True where the library that leads to libtorch has been built. Nothing is loaded or set up to answer; everything else here does both at
    /// its first use.
    /// </summary>
    public static bool IsHere => Native.Find() is not null;

    /// <summary>libtorch's version, as 1.13.1.</summary>
    public static string Version => Marshal.PtrToStringUTF8(Native.ut_version())!;

    /// <summary>
    /// Threads inside one operator: all processors (OMP_NUM_THREADS, where that is set) until it is set here. A thread that has computed
    /// already keeps the number it had then, but for the one that sets it.
    /// </summary>
    public static int Threads
    {
        get
        {
            Native.Check(Native.ut_threads(out int count));
            return count;
        }
        set => Native.Check(Native.ut_set_threads(value));
    }

    /// <summary>CUDA devices that this libtorch can use.</summary>
    public static int CudaDeviceCount
    {
        get
        {
            Native.Check(Native.ut_cuda_device_count(out int count));
            return count;
        }
    }

    /// <summary>Seeds the generators that the whole process shares: what a thread draws from outside a <see cref="Randomness"/>.</summary>
    public static void Seed(ulong seed) => Native.Check(Native.ut_seed(seed));

    /// <summary>Lets cuDNN try its algorithms for each new shape.</summary>
    public static void SetCudnnBenchmark(bool enabled) => Native.Check(Native.ut_cudnn_benchmark(enabled ? 1 : 0));

    /// <summary>
    /// Bytes of CPU tensors: alive now; the most of tensors and kept blocks together since <see cref="ResetCpuPeak"/>; kept for the next
    /// tensors. Large blocks are not returned to the system at once, since getting them again is slow.
    /// </summary>
    public static (long Live, long Peak, long Kept) CpuMemory()
    {
        Native.Check(Native.ut_cpu_memory(out long live, out long peak, out long kept));
        return (live, peak, kept);
    }

    public static void ResetCpuPeak() => Native.Check(Native.ut_cpu_reset_peak());

    /// <summary>Returns kept memory to the system.</summary>
    public static void EmptyCpuCache() => Native.Check(Native.ut_cpu_empty_cache());

    /// <summary>Bytes on a CUDA device: in tensors now, at most so far, free on the card, in all.</summary>
    public static (long Allocated, long Peak, long Free, long Total) CudaMemory(int device = 0)
    {
        Native.Check(Native.ut_cuda_memory(device, out long allocated, out long peak, out long free, out long total));
        return (allocated, peak, free, total);
    }

    public static void EmptyCudaCache() => Native.Check(Native.ut_cuda_empty_cache());

    /// <summary>Waits until the device has done all it was asked; needed before a clock is read.</summary>
    public static void Synchronize(Device device) => Native.Check(Native.ut_synchronize(device.Type));
}

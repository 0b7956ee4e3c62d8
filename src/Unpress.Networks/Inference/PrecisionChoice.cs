using Unpress.Diagnostics;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>Decides between fp32 and bf16.</summary>
internal static class PrecisionChoice
{
    /// <summary>
    /// An error of this mean square adds 0.01 dB to a picture that is at 40 dB: 10^-4 · (10^0.001 − 1). Better pictures are rare after
    /// compression, and on worse ones the same error weighs less.
    /// </summary>
    private const double MaxMeanSquare = 2.3e-7;

    private const long LeastSample = 64 * 64, MostSample = 256 * 256;

    /// <summary>AVX512-BF16 or AMX: without them bf16 is emulated, slower than fp32.</summary>
    public static bool IsNative(Device device)
    {
        if (!device.IsCpu || !File.Exists("/proc/cpuinfo"))
            return false;
        var cpu = CpuFacts.OfThisMachine();
        return cpu.Bf16 || cpu.Amx;
    }

    /// <summary>How much of a picture is looked at: a sixteenth, so that looking costs little beside the picture itself, within bounds.</summary>
    /// <param name="budget">Pixels the network can take at once.</param>
    public static long SamplePixels(int width, int height, long budget)
        => Math.Min(budget, Math.Clamp((long)width * height / 16, LeastSample, MostSample));

    /// <summary>Runs both on a sample of the picture, [1, bands, H, W], and compares.</summary>
    public static bool IsHarmless(Network network, Tensor sample, Conditions known)
    {
        using var scope = TensorScope.Enter();
        var exact = ColourPass.Run(network, sample, known);
        using var autocast = Autograd.Autocast(sample.Device, DType.BFloat16);
        var rounded = ColourPass.Run(network, sample, known).To(DType.Float32);
        return (rounded - exact).Square().Mean().Item() <= MaxMeanSquare;
    }
}

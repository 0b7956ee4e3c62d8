using System.Diagnostics;
using Unpress.Torch;

namespace Unpress.Benchmarks;

/// <summary>How fast this machine convolves now, whatever else it does: for telling beforehand how long a network takes.</summary>
public static class EngineSpeed
{
    private const int Channels = 64, Side = 128, Runs = 3;

    /// <summary>Multiply-accumulates in a second of a 3×3 convolution between 64 channels, the best of three.</summary>
    public static double MacsPerSecond(Device device)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Ones([1, Channels, Side, Side], device: device);
        var weight = Tensor.Ones([Channels, Channels, 3, 3], device: device);
        double best = 0;
        for (int run = 0; run <= Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            using var output = Functional.Conv2d(input, weight, null, padding: 1);
            TorchRuntime.Synchronize(device);
            double macs = 9.0 * Channels * Channels * Side * Side / Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = run == 0 ? best : Math.Max(best, macs); // the first loads libraries
        }

        return best;
    }
}

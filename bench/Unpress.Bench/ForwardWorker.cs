using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Bench;

/// <summary>
/// Forward passes on request: a line "run" on stdin gives the milliseconds of one pass on stdout, a line "write FILE" puts the last
/// output there as raw float32.
/// </summary>
internal static class ForwardWorker
{
    public static void Run(string model, string picture, long height, long width, int threads, bool bf16)
    {
        TorchRuntime.Threads = threads;
        var format = Device.Cpu.FastFormat;
        using var loaded = ModelFile.Load(model);
        loaded.Network.To(Device.Cpu, format: format);
        using var noGrad = Autograd.NoGrad();
        using var plain = Tensor.From(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(picture)), 1, 3, height, width);
        using var input = plain.Contiguous(format);
        float[] last = [];
        Console.WriteLine($"ready libtorch {TorchRuntime.Version}, {format}, {(bf16 ? "bf16" : "fp32")}, .NET {Environment.Version}");
        while (Console.ReadLine() is { } line)
        {
            if (line.StartsWith("write ", StringComparison.Ordinal))
            {
                File.WriteAllBytes(line["write ".Length..], MemoryMarshal.AsBytes<float>(last).ToArray());
                Console.WriteLine("written");
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            using var output = loaded.Network.Restored(input, bf16);
            double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            last = output.ToArray<float>();
            Console.WriteLine(milliseconds.ToString("F3", CultureInfo.InvariantCulture));
        }
    }

    private static Tensor Restored(this Network network, Tensor input, bool bf16)
    {
        using var scope = TensorScope.Enter();
        using var autocast = Autograd.Autocast(Device.Cpu, bf16 ? DType.BFloat16 : null);
        return scope.Keep(network.Forward(input).To(DType.Float32));
    }
}

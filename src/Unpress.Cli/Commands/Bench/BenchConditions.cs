using System.Globalization;
using Unpress.Benchmarks;
using Unpress.Diagnostics;
using Unpress.Torch;

namespace Unpress.Cli.Commands.Bench;

/// <summary>What must be known to read the times.</summary>
internal sealed record BenchConditions(NetworkTimerOptions Options, int Threads)
{
    public string Processor { get; } = CpuFacts.OfThisMachine().Model;

    /// <summary>Processes that wanted a core, mean of the last minute: more than the cores means waiting.</summary>
    public double Load { get; } = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    public string Precision => Options.Bf16 ? "bf16" : "fp32";

    /// <summary>One line for a reader.</summary>
    public override string ToString()
    {
        string where = Options.Device.IsCuda ? "CUDA" : string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Threads} threads");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Options.Side}×{Options.Side} pixels, {Precision}, libtorch {TorchRuntime.Version}, {where}, load {Load:0.0} at the end; median of {Options.Repeats}.");
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Networks.Profiling;
using Unpress.Torch;

namespace Unpress.Benchmarks;

/// <summary>
/// Measures a pass of networks with default options and random weights over a picture of noise. What a pass computes hardly ever depends on
/// the numbers; a network that may stop early does all of its work.
/// </summary>
public sealed class NetworkTimer
{
    /// <summary>Pictures are not made smaller than this for a slow network.</summary>
    public const int SmallestSide = 16;

    private readonly NetworkTimerOptions _options;
    private readonly Lazy<double> _macsPerSecond;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public NetworkTimer(NetworkTimerOptions options)
    {
        options.Validate();
        _options = options;
        _macsPerSecond = new Lazy<double>(() => EngineSpeed.MacsPerSecond(options.Device));
    }

    /// <param name="options">Of the network; null for its defaults.</param>
    /// <exception cref="OperationCanceledException">Cancelled, after the pass at work.</exception>
    public NetworkTiming Measure(NetworkEntry entry, CancellationToken cancellation, JsonObject? options = null)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var whole = NetworkProfile.Of(entry, options, height: _options.Side, width: _options.Side);
        int side = FittingSide(whole.Layers.Work.True);
        TorchRuntime.Seed(1);
        using var network = entry.Create(options);
        network.Eval();
        network.To(_options.Device, format: _options.Device.FastFormat);
        var (warm, peak) = WarmUp(network, side);
        // Not every network works as fast as a convolution, and a smaller picture is no better for all of them.
        while (warm.Clock > 2 * _options.Limit.TotalMilliseconds && side / 2 >= SmallestSide)
            (warm, peak) = WarmUp(network, side /= 2);

        var passes = new List<(double Clock, double Core)>();
        for (int k = 0; k < _options.Repeats; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            passes.Add(Pass(network, side));
        }

        double scale = side == _options.Side ? 1 : whole.Layers.Work.True / NetworkProfile.Of(entry, options, height: side, width: side).Layers.Work.True;
        var (clock, core) = passes.OrderBy(pass => pass.Clock).ElementAt(passes.Count / 2);
        return new NetworkTiming(entry, whole, side, clock * scale, core * scale, peak);
    }

    private int FittingSide(double macs)
    {
        int side = _options.Side;
        double allowed = _options.Limit.TotalSeconds * _macsPerSecond.Value;
        for (; macs > allowed && side / 2 >= SmallestSide; macs /= 4)
            side /= 2;
        return side;
    }

    /// <summary>The first pass of a size, in which libraries are loaded and kernels made.</summary>
    private ((double Clock, double Core) Time, long? Peak) WarmUp(Network network, int side)
    {
        if (_options.Device.IsCuda)
            return (Pass(network, side), null);
        TorchRuntime.EmptyCpuCache();
        TorchRuntime.ResetCpuPeak();
        long before = TorchRuntime.CpuMemory().Live;
        var time = Pass(network, side);
        return (time, TorchRuntime.CpuMemory().Peak - before);
    }

    private (double Clock, double Core) Pass(Network network, int side)
    {
        using var scope = TensorScope.Enter();
        var device = _options.Device;
        var input = Tensor.Rand([1, network.Facts.Channels, side, side], device: device).Contiguous(device.FastFormat);
        var conditions = network.WithMostWork(Conditions.Blank(network.Facts, side, side, device));
        using var autocast = Autograd.Autocast(device, _options.Bf16 ? DType.BFloat16 : null);
        TorchRuntime.Synchronize(device);
        var core = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        network.Forward(input, conditions);
        TorchRuntime.Synchronize(device);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - core).TotalMilliseconds);
    }
}

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

/// <summary>How <see cref="NetworkTimer"/> measures.</summary>
public sealed record NetworkTimerOptions
{
    /// <summary>Pixels a side of the picture that the times are for.</summary>
    public int Side { get; init; } = 512;

    /// <summary>Passes after the warm-up; the median counts.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>A network that would take longer for a pass is measured on a smaller picture.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Convolutions and matrix products in bf16, as <c>enhance --precision bf16</c> computes them, instead of fp32.</summary>
    public bool Bf16 { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        if (Side < NetworkTimer.SmallestSide)
            throw new ArgumentException($"a side of {Side} pixels: {NetworkTimer.SmallestSide} or more");
        if (Repeats < 1)
            throw new ArgumentException($"{Repeats} repeats: 1 or more");
        if (Limit <= TimeSpan.Zero)
            throw new ArgumentException("the limit: more than 0 seconds");
    }
}

/// <summary>What one pass of a network costs: counted and measured.</summary>
/// <param name="Profile">Of the picture that the times are for.</param>
/// <param name="MeasuredSide">Pixels a side of the picture that was really measured.</param>
/// <param name="Milliseconds">By the clock, the median; from a smaller picture in proportion to the true operations.</param>
/// <param name="CoreMilliseconds">
/// The time that the process had a core, of the same pass, likewise: on a busy machine it says more than the clock.
/// </param>
/// <param name="PeakBytes">The most that tensors of 256 KiB and more took at once on the measured picture, weights aside; null on CUDA.</param>
public sealed record NetworkTiming(
    NetworkEntry Entry, NetworkProfile Profile, int MeasuredSide, double Milliseconds, double CoreMilliseconds, long? PeakBytes)
{
    /// <summary>True when the times are not of the whole picture but computed from a smaller one.</summary>
    public bool IsScaled => MeasuredSide != Profile.Height;
}

using System.Diagnostics;
using Unpress.Data;
using Unpress.Diagnostics;
using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Onnx;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>A network of the workshop in libtorch, as a model: for weights that are no ONNX file yet, in training, and where bf16 is fastest.</summary>
public sealed class NetworkModel : IModel
{
    private readonly Network _network;
    private readonly NetworkModelOptions _options;
    private readonly MemoryProbe _memory;
    private readonly MemoryFormat _format;
    private readonly bool _owned;
    private bool? _bf16;

    /// <param name="name">The network's name in the catalogue.</param>
    /// <param name="network">Owned by the model from here on; put to the device and set to evaluation.</param>
    public NetworkModel(string name, Network network, NetworkModelOptions? options = null)
        : this(name, network, options ?? new NetworkModelOptions(), owned: true)
    {
        _network.Eval();
        _network.To(_options.Device, format: _format);
    }

    private NetworkModel(string name, Network network, NetworkModelOptions options, bool owned)
    {
        (_network, _options, _owned) = (network, options, owned);
        _format = owned ? options.Device.FastFormat : MemoryFormat.Contiguous;
        if (_options.Threads is { } threads)
            TorchRuntime.Threads = threads;
        _memory = new MemoryProbe(network, _options.Device);
        _bf16 = _options.Precision switch
        {
            InferencePrecision.Fp32 => false,
            InferencePrecision.Bf16 => true,
            _ => PrecisionChoice.IsNative(_options.Device) ? null : false,
        };
        Facts = FactsOf(name, network.Facts);
    }

    public ModelFacts Facts { get; }

    public string Engine => $"libtorch {TorchRuntime.Version} on {(_options.Device.IsCuda ? "cuda" : "cpu")}{(_bf16 == true ? " in bf16" : "")}";

    public long KeptBytes => TorchRuntime.CpuMemory().Kept;

    /// <summary>A network that is being trained: looked at as it stands, and left as it is.</summary>
    public static NetworkModel Of(string name, Network network, Device device)
        => new(name, network, new NetworkModelOptions { Device = device }, owned: false);

    /// <summary>What the program asks of any model, from what the workshop knows of a network.</summary>
    public static ModelFacts FactsOf(string name, NetworkFacts facts) => new()
    {
        Network = name,
        Channels = facts.Channels,
        ReceptiveField = facts.ReceptiveField,
        SizeMultiple = facts.SizeMultiple,
        SeesWhole = facts.SeesWhole,
        Uses = (ModelInputs)facts.Uses,
        Needs = (ModelInputs)facts.Needs,
    };

    /// <inheritdoc/>
    public void Run(ModelInput input, Planes output) => Guarded(() =>
    {
        var picture = ToTensor(input.Picture).Contiguous(_format);
        var conditions = ConditionsOf(input);
        _bf16 ??= IsBf16Harmless(picture, conditions);
        ToPlanes(Forward(input.Picture, picture, conditions), output);
        return true;
    });

    /// <inheritdoc/>
    /// <remarks>In fp32 whatever the precision.</remarks>
    public IReadOnlyDictionary<string, FoundValue> Survey(ModelInput input) => Guarded(() =>
    {
        var found = _network.Survey(ToTensor(input.Picture), ConditionsOf(input));
        var values = found.Global.ToDictionary(entry => entry.Key, entry =>
        {
            using var there = entry.Value.To(Device.Cpu);
            using var plain = there.Contiguous();
            return new FoundValue(plain.ToArray<float>(), plain.Shape);
        });
        if (found.Exit is { } exit)
            values[ValueNames.Exit] = new FoundValue([exit], [1]);
        return values;
    });

    /// <inheritdoc/>
    /// <remarks>On a graphics card that card's memory counts.</remarks>
    public long PixelsIn(long free, long wanted, double besides) => Guarded(() => _options.Device.IsCuda
        ? _memory.PixelsIn(TorchRuntime.CudaMemory(Math.Max(0, _options.Device.Index)).Free * 4 / 5, wanted, 0)
        // The tensors beside the planes.
        : _memory.PixelsIn(free, wanted, besides + (2.0 * sizeof(float) * Facts.Channels)));

    public void Trim() => TorchRuntime.EmptyCpuCache();

    public void Dispose()
    {
        if (_owned)
            _network.Dispose();
    }

    /// <summary>Components of a file as tensors, on a device.</summary>
    internal static JpegTensors? ToTensors(IReadOnlyList<CoefficientPlane>? planes, Device device) => planes is null ? null : new JpegTensors([.. planes.Select(
        plane => new JpegPlane(
            Tensor.From<float>(plane.Coefficients.Values, 1, 1, plane.Coefficients.Height, plane.Coefficients.Width).To(device),
            Tensor.From<float>(plane.Table, 1, 1, 8, 8).To(device), plane.Horizontal, plane.Vertical))]);

    /// <summary>In the chosen precision; in fp32 when that gave no picture.</summary>
    private Tensor Forward(Planes planes, Tensor picture, Conditions conditions)
    {
        if (_bf16 == true)
        {
            using var autocast = Autograd.Autocast(picture.Device, DType.BFloat16);
            var fast = _network.Forward(picture, conditions).To(DType.Float32);
            using var check = new Planes((int)fast.Size(1), (int)fast.Size(2), (int)fast.Size(3));
            ToPlanes(fast, check);
            if (TileGuard.Fault(planes, check) is null)
                return fast;
        }

        return _network.Forward(picture, conditions);
    }

    /// <summary>Judged by the middle of what is run first.</summary>
    private bool IsBf16Harmless(Tensor picture, Conditions conditions)
    {
        int height = (int)picture.Size(2), width = (int)picture.Size(3);
        for (long pixels = PrecisionChoice.SamplePixels(width, height, (long)width * height); ; pixels /= 2)
        {
            using var scope = TensorScope.Enter();
            var middle = PassKnowledge.Middle(width, height, pixels, _network.Facts.SizeMultiple);
            var sample = picture.Narrow(2, middle.Y, middle.Height).Narrow(3, middle.X, middle.Width).Contiguous(_format);
            try
            {
                return PrecisionChoice.IsHarmless(_network, sample, conditions.At(middle));
            }
            catch (TorchException error) when (OutOfMemory.Is(error) && pixels > 1)
            {
                // Half as many pixels, then.
            }
        }
    }

    private Conditions ConditionsOf(ModelInput input)
    {
        var tensors = input.Found.Where(entry => entry.Key != ValueNames.Exit)
            .ToDictionary(entry => entry.Key, entry => Tensor.From<float>(entry.Value.Values, entry.Value.Shape).To(_options.Device));
        return new Conditions
        {
            Quality = input.Quality is { } quality ? (Tensor.Ones([1, 1]) * quality).To(_options.Device) : null,
            Jpeg = ToTensors(input.Jpeg, _options.Device),
            Noise = input.Noise is null ? null : ToTensor(input.Noise),
            Exit = input.Found.TryGetValue(ValueNames.Exit, out var exit) ? (int)exit.Values[0] : null,
            Global = tensors,
            Progress = part =>
            {
                input.Cancellation.ThrowIfCancellationRequested();
                input.Progress?.Invoke(part);
            },
        };
    }

    private Tensor ToTensor(Planes planes)
    {
        var tensor = Tensor.From<float>(planes.Values, 1, planes.Bands, planes.Height, planes.Width);
        if (!_options.Device.IsCuda)
            return tensor;
        using (tensor)
            return tensor.To(_options.Device);
    }

    private static void ToPlanes(Tensor tensor, Planes planes)
    {
        using var there = tensor.To(Device.Cpu);
        using var plain = there.Contiguous();
        plain.Memory<float>().CopyTo(planes.Values);
    }

    private static T Guarded<T>(Func<T> run)
    {
        try
        {
            using var noGrad = Autograd.NoGrad();
            using var scope = TensorScope.Enter();
            return run();
        }
        catch (TorchException error) when (OutOfMemory.Is(error))
        {
            throw new InsufficientMemoryException(error.Message, error);
        }
        catch (TorchException error)
        {
            throw new ModelException(error.Message, error);
        }
    }
}

/// <summary>Tells lack of memory from other failures of libtorch.</summary>
internal static class OutOfMemory
{
    // libtorch has no error code for it; these are its words on the CPU and on CUDA.
    public static bool Is(TorchException error)
        => error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);
}

/// <summary>In which numbers a network computes.</summary>
public enum InferencePrecision
{
    /// <summary>bf16 where the CPU has it natively and the picture loses less than 0.01 dB by it, else fp32.</summary>
    Auto,

    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>Convolutions in bfloat16, everything else in fp32.</summary>
    Bf16,
}

/// <summary>How a network is run in libtorch.</summary>
public sealed record NetworkModelOptions
{
    /// <summary>
    /// fp32 unless asked for: what is measured must not depend on the machine. <c>enhance</c> asks for
    /// <see cref="InferencePrecision.Auto"/>.
    /// </summary>
    public InferencePrecision Precision { get; init; } = InferencePrecision.Fp32;

    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Threads inside one operator, of the whole process; null leaves them as they are.</summary>
    public int? Threads { get; init; }
}

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

    /// <summary>Runs both on a sample of the picture, [1, channels, H, W], and compares.</summary>
    public static bool IsHarmless(Network network, Tensor sample, Conditions known)
    {
        using var scope = TensorScope.Enter();
        var exact = network.Forward(sample, known);
        using var autocast = Autograd.Autocast(sample.Device, DType.BFloat16);
        var rounded = network.Forward(sample, known).To(DType.Float32);
        return (rounded - exact).Square().Mean().Item() <= MaxMeanSquare;
    }
}

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
    /// <param name="besides">Bytes that others take for each pixel.</param>
    /// <returns>1..<paramref name="wanted"/>.</returns>
    public long PixelsIn(long free, long wanted, double besides = 0)
    {
        if (MostFixed + (wanted * (MostPerPixel + besides)) <= free)
            return wanted;
        _line ??= Line(wanted);
        return (long)Math.Clamp((free - _line.Value.Fixed) / (_line.Value.PerPixel + besides), 1, wanted);
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

using Unpress.Data;
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
            Precision.Fp32 => false,
            Precision.Bf16 => true,
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
        Reach = facts.Reach,
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

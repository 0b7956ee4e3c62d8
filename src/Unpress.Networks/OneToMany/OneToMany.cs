using System.Globalization;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// The proposal component of Guo and Chao, "One-to-Many Network for Visually Pleasing Compression Artifacts Reduction", CVPR 2017: another
/// noise z gives another picture that may have stood behind the compressed one. Picture and noise pass a branch of pre-activation units
/// each, at half resolution; joined, they pass more units and a transposed convolution with shift-and-average.
/// Our reading, where the paper's public copies lack the numbers: kernels 4×4 at stride 2, 5 units a branch and 10 after it, 64 channels,
/// z one plane at half resolution (of the given full-size plane every second pixel in every second row), no residual to the input.
/// Without given noise a training forward draws z, an evaluation takes z = 0: one answer, the same each time and in every tile.
/// Names are ours; no official weights exist.
/// </summary>
public sealed class OneToMany : Network, IQualityPredictor
{
    private const string EstimatedQuality = "quality";

    private static readonly Op SliceOp = Op.Find("aten::slice.Tensor");

    private readonly OneToManyOptions _options;
    private readonly Conv2d _shrink;
    private readonly Sequential _image;
    private readonly Conv2d? _noiseStart, _merge;
    private readonly Sequential? _noise;
    private readonly QualityGuide? _quality;
    private readonly PreActivationUnit[] _units;
    private readonly AveragedUpsampling _grow;

    public OneToMany(OneToManyOptions options)
        : base(FactsOf(options))
    {
        _options = options;
        int width = options.Width;
        _shrink = Add("image.shrink", Start(new Conv2d(options.Channels, width, options.Kernel, stride: 2, padding: (options.Kernel - 2) / 2)));
        _image = Add("image.units", Units(width, options.BranchUnits));
        if (options.Noise)
        {
            _noiseStart = Add("noise.start", Start(Conv2d.Same(1, width, 3)));
            _noise = Add("noise.units", Units(width, options.BranchUnits));
            _merge = Add("merge", Start(Conv2d.Same(2 * width, width, 3)));
        }

        if (options.QualityAware)
            _quality = Add("quality", new QualityGuide(width));
        _units = [.. Enumerable.Range(0, options.AggregationUnits)
            .Select(k => Add("units." + k.ToString(CultureInfo.InvariantCulture), new PreActivationUnit(width)))];
        _grow = Add("grow", new AveragedUpsampling(width, options.Channels, options.Kernel, 2, options.ShiftAndAverage));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<OneToManyOptions>(
        "one-to-many", "the one-to-many proposal network: another noise, another picture to choose from", "Guo & Chao, CVPR 2017",
        options => new OneToMany(options));

    /// <summary>The estimated quality factor / 100 under "quality", where the network is quality aware and nobody gave one.</summary>
    public override Conditions Survey(Tensor whole, Conditions given)
    {
        if (_quality is null || given.Quality is not null || given.Global.ContainsKey(EstimatedQuality))
            return given;
        using var scope = TensorScope.Enter();
        var estimate = _quality.Estimate(ImageFeatures(Padded(whole)));
        return given with { Global = new Dictionary<string, Tensor>(given.Global) { [EstimatedQuality] = scope.Keep(estimate) } };
    }

    public bool PredictsQuality => _quality is not null;

    /// <exception cref="InvalidOperationException">It is not quality aware.</exception>
    public Tensor PredictQuality(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var predictor = _quality ?? throw new InvalidOperationException("the network is not quality aware");
        return scope.Keep(predictor.Estimate(ImageFeatures(Padded(input))) * 100);
    }

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var x = ImageFeatures(input);
        var guide = _quality?.Guide(QualityOf(conditions) ?? _quality.Estimate(x));
        if (_noise is not null)
            x = _merge!.Forward(Tensor.Cat([x, _noise.Forward(_noiseStart!.Forward(NoiseFor(input, conditions)))], 1));
        foreach (var unit in _units)
        {
            using var previous = x;
            x = guide is { } found ? unit.Forward(previous, found.Scale, found.Shift) : unit.Forward(previous);
        }

        return _grow.Forward(x);
    }

    private static NetworkFacts FactsOf(OneToManyOptions options)
    {
        options.Validate();
        // Two pixels of half resolution a unit, one for joining; the strided and the transposed convolution see a kernel's width each.
        int half = (2 * (options.BranchUnits + options.AggregationUnits)) + 2;
        var uses = (options.Noise ? Knowledge.Noise : Knowledge.None) | (options.QualityAware ? Knowledge.Quality : Knowledge.None);
        return new NetworkFacts(options.Channels, (2 * half) + (2 * options.Kernel), SizeMultiple: 2, uses);
    }

    private static Sequential Units(int width, int count) => new([.. Enumerable.Range(0, count).Select(_ => new PreActivationUnit(width))]);

    // He et al. 2015, uniform, as the paper says.
    private static Conv2d Start(Conv2d layer)
    {
        Init.KaimingUniform(layer.Weight);
        Init.Constant(layer.Bias!, 0);
        return layer;
    }

    private static Tensor? QualityOf(Conditions conditions)
        => conditions.Quality is { } quality ? quality / 100 : conditions.Global.GetValueOrDefault(EstimatedQuality);

    private Tensor ImageFeatures(Tensor input) => _image.Forward(_shrink.Forward(input));

    /// <summary>z, [N, 1, H/2, W/2].</summary>
    private Tensor NoiseFor(Tensor input, Conditions conditions)
    {
        var shape = input.Shape;
        if (conditions.Noise is { } given)
            return EverySecond(EverySecond(given.Narrow(1, 0, 1), 2), 3) * _options.NoiseDeviation;
        long[] half = [shape[0], 1, shape[2] / 2, shape[3] / 2];
        return Training
            ? Tensor.Randn(half, input.DType, input.Device) * _options.NoiseDeviation
            : Tensor.Zeros(half, input.DType, input.Device);
    }

    private static Tensor EverySecond(Tensor plane, int dimension) => SliceOp.Call(plane, dimension, 0, long.MaxValue, 2);
}

using System.Globalization;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// The proposal component of Guo and Chao, "One-to-Many Network for Visually Pleasing Compression Artifacts Reduction", CVPR 2017: another
/// noise z gives another picture that may have stood behind the compressed one. Picture and noise pass a branch of pre-activation units
/// each, at half resolution; joined, they pass more units, one more norm and ReLU, and a transposed convolution with shift-and-average.
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
    private readonly BatchNorm2d? _lastNorm;
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
        if (options.LastActivation)
            _lastNorm = Add("last_norm", new BatchNorm2d(width));
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

        if (_lastNorm is not null)
            x = Functional.Relu(_lastNorm.Forward(x));
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

/// <summary>
/// Makes one network serve many qualities: a quality factor becomes a scale and a shift for each channel. Ours, after FBCNN's QF attention
/// (Jiang, Zhang, Timofte, ICCV 2021): three layers of embedding, then sigmoid for the scale and tanh for the shift.
/// </summary>
internal sealed class QualityGuide : Module
{
    private readonly Linear _estimate1, _estimate2;
    private readonly Sequential _embed;
    private readonly Linear _scale, _shift;

    public QualityGuide(long width)
    {
        _estimate1 = Add("estimate.0", new Linear(width, width));
        _estimate2 = Add("estimate.2", new Linear(width, 1));
        _embed = Add("embed", new Sequential(new Linear(1, width), new Relu(), new Linear(width, width), new Relu()));
        _scale = Add("scale", new Linear(width, width));
        _shift = Add("shift", new Linear(width, width));
    }

    /// <summary>Features [N, C, H, W] to quality / 100, [N, 1].</summary>
    public Tensor Estimate(Tensor features)
        => _estimate2.Forward(Functional.Relu(_estimate1.Forward(features.Mean([2, 3])))).Sigmoid();

    /// <summary>Quality / 100, [N, 1], to scale and shift, both [N, C, 1, 1].</summary>
    public (Tensor Scale, Tensor Shift) Guide(Tensor quality)
    {
        var embedded = _embed.Forward(quality);
        return (PerChannel(_scale.Forward(embedded).Sigmoid()), PerChannel(_shift.Forward(embedded).Tanh()));
    }

    private static Tensor PerChannel(Tensor values) => values.Unsqueeze(-1).Unsqueeze(-1);
}

/// <summary>
/// Residual unit with activation before each convolution: x + conv(ReLU(BN(conv(ReLU(BN(x)))))), 3×3 without bias
/// (He, Zhang, Ren, Sun, "Identity Mappings in Deep Residual Networks", ECCV 2016).
/// </summary>
internal sealed class PreActivationUnit : Layer
{
    private readonly BatchNorm2d _norm1, _norm2;
    private readonly Conv2d _conv1, _conv2;

    public PreActivationUnit(long channels)
    {
        _norm1 = Add("norm1", new BatchNorm2d(channels));
        _conv1 = Add("conv1", Conv2d.Same(channels, channels, 3, bias: false));
        _norm2 = Add("norm2", new BatchNorm2d(channels));
        _conv2 = Add("conv2", Conv2d.Same(channels, channels, 3, bias: false));
        Init.KaimingUniform(_conv1.Weight);
        Init.KaimingUniform(_conv2.Weight);
    }

    public override Tensor Forward(Tensor input)
    {
        using var change = Change(input);
        return input + change;
    }

    /// <summary>x + scale ⊙ change(x) + shift, both [N, C, 1, 1].</summary>
    public Tensor Forward(Tensor input, Tensor scale, Tensor shift)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(input + (Change(input) * scale) + shift);
    }

    private Tensor Change(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var hidden = _conv1.Forward(Functional.Relu(_norm1.Forward(input)));
        return scope.Keep(_conv2.Forward(Functional.Relu(_norm2.Forward(hidden))));
    }
}

/// <summary>
/// Transposed convolution of stride s with "shift-and-average" (Guo and Chao, CVPR 2017, section 3.2.2): the mean of the result and of its
/// s²−1 copies moved by 0..s−1 pixels right and down. Every output pixel then sums the whole filter once, so a constant input gives a
/// constant output, whatever the filter. Our reading of the border: the input goes on beyond it with its border value, for the transposed
/// convolution and for the copies, so that this holds up to the last pixel.
/// </summary>
public sealed class AveragedUpsampling : Layer
{
    private readonly ConvTranspose2d _filter;
    private readonly int _stride;
    private readonly int _border;
    private readonly int _before;
    private readonly bool _average;

    /// <param name="kernel">s or more, by an even number.</param>
    /// <param name="average">False leaves the averaging out: a plain transposed convolution.</param>
    public AveragedUpsampling(long inChannels, long outChannels, int kernel, int stride, bool average = true)
    {
        if (stride < 1 || kernel < stride || (kernel - stride) % 2 != 0)
            throw new ArgumentException($"kernel {kernel}, stride {stride}: the kernel is larger by an even number");
        (_stride, _average) = (stride, average);
        _before = (kernel - stride) / 2; // what a centred transposed convolution cuts off at the top and left
        _border = (kernel - 1 - _before + stride - 1) / stride;
        _filter = Add("filter", new ConvTranspose2d(inChannels, outChannels, kernel, stride));
        // He et al. 2015 for the inputs that meet in one output: of each input channel every s-th tap in both directions.
        double bound = Math.Sqrt(6.0 * stride * stride / (inChannels * kernel * kernel));
        Init.Uniform(_filter.Weight, -bound, bound);
        Init.Constant(_filter.Bias!, 0);
    }

    /// <summary>[N, Cin, H, W] to [N, Cout, s·H, s·W].</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        // Copies moved right and down bring in what lies before the first row and column: it is computed, too.
        int more = _average ? _stride - 1 : 0, first = (_stride * _border) + _before - more;
        var full = _filter.Forward(Functional.Pad(input, _border, _border, _border, _border, Padding.Replicate));
        var part = full.Narrow(2, first, (_stride * input.Size(2)) + more).Narrow(3, first, (_stride * input.Size(3)) + more);
        return scope.Keep(_average ? Functional.AvgPool2d(part, _stride, 1) : part);
    }
}

/// <summary>
/// Options of <see cref="OneToMany"/>. Of the numbers the paper's public copies print only the structure; the defaults are our reading
/// (1.556 M parameters in gray, 1.112 M without noise).
/// </summary>
public sealed record OneToManyOptions
{
    /// <summary>1 (luma, as in the paper's tables) or 3 (RGB, its section 4.3).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Residual units of the image branch, and of the noise branch.</summary>
    public int BranchUnits { get; init; } = 5;

    /// <summary>Residual units after the branches are joined.</summary>
    public int AggregationUnits { get; init; } = 10;

    /// <summary>Side of the strided and of the transposed convolution's kernels; even.</summary>
    public int Kernel { get; init; } = 4;

    /// <summary>The noise branch; without it the network is the paper's baseline, which has one answer.</summary>
    public bool Noise { get; init; } = true;

    /// <summary>σ of z: what the unit normal numbers given as noise are multiplied with.</summary>
    public double NoiseDeviation { get; init; } = 1;

    /// <summary>The mean of four shifted copies after the transposed convolution; off only to see the grid it removes (Fig. 8a).</summary>
    public bool ShiftAndAverage { get; init; } = true;

    /// <summary>
    /// Batch norm and ReLU once more after the last unit, as networks of these units end (He et al. 2016, section 4): without them the sum of all
    /// units goes into the transposed convolution as it is, and grows with their number.
    /// </summary>
    public bool LastActivation { get; init; } = true;

    /// <summary>
    /// One model for a range of qualities: the units after the join are scaled and shifted by the quality factor, which is given or else
    /// estimated from the picture. The paper trains one model for each quality.
    /// </summary>
    public bool QualityAware { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(BranchUnits, least: 0);
        Require.Layers(AggregationUnits, least: 0);
        if (Kernel is < 2 or > 32 || Kernel % 2 != 0)
            throw new ArgumentException($"kernel is {Kernel}, must be an even number, 2 to 32");
        if (!(NoiseDeviation >= 0))
            throw new ArgumentException($"noiseDeviation {NoiseDeviation}: at least 0");
    }
}

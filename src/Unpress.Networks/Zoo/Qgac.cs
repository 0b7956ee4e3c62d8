using Unpress.Jpeg;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// QGAC: Ehrlich, Davis, Lim, Shrivastava, "Quantization Guided JPEG Artifact Correction", ECCV 2020. Works on the coefficients of the file,
/// laid out in the places of their pixels and normalised for each frequency, with filters that a small network makes of the quantisation
/// tables; one model for all qualities. Names are those of the authors' m3l package. 259.41 million parameters: blocks_encode 94.76,
/// frequencynet 0.72, blocks_decode 160.83, fusion 0.45, color_net 2.65.
/// <para>
/// The authors' statistics (of Flickr2K) are a file of theirs; ours, of photographs, are buffers (stats.mean, stats.std) that weights may
/// bring along. Our readings: chroma is doubled by repetition in true coefficients; a file whose chroma is not 4:2:0 goes through the same
/// network, its features from chroma halved by averaging, the correction added to the file's own chroma. Training: ℓ1 − 0.05 · SSIM in
/// pixels, Adam 1e-4, cosine to 1e-6; luma first, then colour, then GAN.
/// </para>
/// </summary>
public sealed class Qgac : Network
{
    // Blocks: 15 convolutions in a dense residual block, 1 + 15 + 1 in the frequency network, 3 in the fusion; and the block itself.
    private const int LumaReach = ((15 + 17 + 15 + 3) * 8) + 8;

    // The joined part of the chroma network sees 15 blocks of the restored luma; chroma's own 16 layers at half resolution see less.
    private const int ColourReach = LumaReach + (15 * 8) + 8;

    private readonly BlockNet _encode, _decode;
    private readonly FrequencyNet _frequencies, _fusion;
    private readonly ChromaNet? _chroma;
    private readonly CoefficientStatistics _statistics;

    public Qgac(QgacOptions options)
        : base(new NetworkFacts(
            options.Channels, options.Channels == 1 ? LumaReach : ColourReach, options.Channels == 1 ? 8 : 16, Uses: Knowledge.Jpeg, Needs: Knowledge.Jpeg))
    {
        options.Validate();
        _encode = Add("blocks_encode", new BlockNet(1, options));
        _frequencies = Add("frequencynet", FrequencyNet.Enhancer(options.Planes, options.FrequencyWidth));
        _decode = Add("blocks_decode", new BlockNet(options.Planes, options));
        _fusion = Add("fusion", FrequencyNet.Fusion(3L * options.Planes, options.FrequencyWidth));
        if (options.Channels == 3)
            _chroma = Add("color_net", new ChromaNet(options));
        _statistics = Add("stats", new CoefficientStatistics(options.Channels));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<QgacOptions>(
        "qgac", "QGAC: coefficients through filters made of the file's quantisation tables", "Ehrlich et al., ECCV 2020", options => new Qgac(options));

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var (height, width) = (input.Size(2), input.Size(3));
        var jpeg = conditions.Jpeg!;
        var lumaTable = jpeg.Planes[0].Table / 255;
        var luma = RestoreLuma(lumaTable, _statistics.Normalise(JpegLuma.Of(jpeg, height, width).Coefficients, 0));
        var samples = BlockDct.Inverse(_statistics.Restore(luma, 0));
        if (_chroma is null)
            return scope.Keep(TensorColour.ToPixels(samples));
        if (jpeg.Planes.Count != 3)
            throw new ArgumentException("the network is for colour, and the JPEG has no chroma; use one with channels: 1");
        var planes = new List<Tensor> { samples };
        for (int plane = 1; plane < 3; plane++)
        {
            var (half, full) = Chroma(jpeg, plane, height, width);
            var correction = _chroma.Forward(lumaTable, jpeg.Planes[plane].Table / 255, luma, _statistics.Normalise(BlockDct.Forward(half), plane));
            planes.Add(full + BlockDct.Inverse(_statistics.Scale(correction, plane)));
        }

        return scope.Keep(TensorColour.ToPixels(Tensor.Cat([.. planes], 1)));
    }

    private Tensor RestoreLuma(Tensor table, Tensor coefficients)
    {
        using var scope = TensorScope.Enter();
        var encoded = _encode.Forward(table, coefficients);
        var frequencies = _frequencies.Forward(encoded);
        var decoded = _decode.Forward(table, frequencies);
        return scope.Keep(coefficients + _fusion.Forward(Tensor.Cat([decoded, frequencies, encoded], 1)));
    }

    /// <summary>Samples of a chroma plane at half and, by repetition, at full resolution.</summary>
    private static (Tensor Half, Tensor Full) Chroma(JpegTensors jpeg, int plane, long height, long width)
    {
        var stored = jpeg.Planes[plane];
        int across = jpeg.McuWidth / BlockDct.Side / stored.Horizontal, down = jpeg.McuHeight / BlockDct.Side / stored.Vertical;
        if (across is not (1 or 2) || down is not (1 or 2) || across * stored.Horizontal * BlockDct.Side != jpeg.McuWidth)
            throw new ArgumentException("the network takes chroma at full or half resolution, and this JPEG has another");
        var coefficients = stored.Coefficients.Narrow(2, 0, height / down).Narrow(3, 0, width / across);
        var samples = BlockDct.Inverse(coefficients * BlockDct.Spread(stored.Table, height / down, width / across));
        var full = across * down == 1 ? samples : Functional.Interpolate(samples, height, width, Interpolation.Nearest);
        var half = across * down == 4 ? samples : ChromaSampling.Reduce(samples, 2 / across, 2 / down);
        return (half, full);
    }
}

/// <summary>QGAC's block network: each block to features by filters of the table, a dense residual block, and back to coefficients.</summary>
internal sealed class BlockNet : Module
{
    private readonly FilterManifold _block, _unblock;
    private readonly Sequential _enhancer;

    public BlockNet(long inside, QgacOptions options)
    {
        _block = Add("block", new FilterManifold(inside, options.Features, options.ManifoldWidth));
        _enhancer = Add("block_enhancer", new Sequential(new DenseResidual(options.Features)));
        _unblock = Add("unblock", new FilterManifold(options.Features, options.Planes, options.ManifoldWidth, transposed: true));
    }

    /// <param name="table">[N, 1, 8, 8], divided by 255.</param>
    /// <param name="coefficients">[N, inside, H, W].</param>
    /// <returns>[N, planes, H, W].</returns>
    public Tensor Forward(Tensor table, Tensor coefficients)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_unblock.Forward(table, _enhancer.Forward(_block.Forward(table, coefficients))));
    }
}

/// <summary>QGAC's frequency network and its fusion: layers over blocks for each frequency by itself. The regrouping counts in the names.</summary>
internal sealed class FrequencyNet : Layer
{
    private readonly Sequential _layers;

    private FrequencyNet(params Layer[] layers) => _layers = Add("net", new Sequential([new Regroup(gather: true), .. layers, new Regroup(gather: false)]));

    /// <summary>Narrow, a dense residual block, and wide again.</summary>
    public static FrequencyNet Enhancer(long planes, long width) => new(
        new FrequencyConv(planes, width), new PRelu(), new DenseResidual(width * FrequencyConv.Frequencies, FrequencyConv.Frequencies),
        new FrequencyConv(width, planes), new PRelu());

    /// <summary>To one plane.</summary>
    public static FrequencyNet Fusion(long planes, long width) => new(
        new FrequencyConv(planes, width), new PRelu(), new FrequencyConv(width, width), new PRelu(), new FrequencyConv(width, 1));

    public override Tensor Forward(Tensor input) => _layers.Forward(input);

    private sealed class Regroup(bool gather) : Layer
    {
        public override Tensor Forward(Tensor input) => gather ? FrequencyConv.Gather(input) : FrequencyConv.Scatter(input);
    }
}

/// <summary>QGAC's chroma network, for Cb and for Cr: their blocks, doubled, together with those of the restored luma.</summary>
internal sealed class ChromaNet : Module
{
    private readonly FilterManifold _chroma, _luma, _unblock;
    private readonly Sequential _enhancer, _doubler, _joined;

    public ChromaNet(QgacOptions options)
    {
        long width = options.ChromaWidth, manifold = options.ManifoldWidth;
        _chroma = Add("block_c", new FilterManifold(1, width, manifold));
        _enhancer = Add("block_enhancer", new Sequential(new DenseResidual(width)));
        _doubler = Add("block_doubler", new Sequential(new ConvTranspose2d(width, width, 4, stride: 2, padding: 1), new PRelu()));
        _luma = Add("block_y", new FilterManifold(1, width, manifold));
        _joined = Add("block_enhancer2", new Sequential(new DenseResidual(2 * width)));
        _unblock = Add("unblock", new FilterManifold(2 * width, 1, manifold, transposed: true));
    }

    /// <param name="luma">[N, 1, H, W], restored.</param>
    /// <param name="chroma">[N, 1, H/2, W/2].</param>
    /// <returns>A correction of the doubled chroma, [N, 1, H, W].</returns>
    public Tensor Forward(Tensor lumaTable, Tensor chromaTable, Tensor luma, Tensor chroma)
    {
        using var scope = TensorScope.Enter();
        var doubled = _doubler.Forward(_enhancer.Forward(_chroma.Forward(chromaTable, chroma)));
        var joined = Tensor.Cat([doubled, _luma.Forward(lumaTable, luma)], 1);
        return scope.Keep(_unblock.Forward(chromaTable, _joined.Forward(joined)));
    }
}

/// <summary>Options of <see cref="Qgac"/>; the defaults are the published network.</summary>
public sealed record QgacOptions
{
    /// <summary>3: luma and chroma. 1: the luma network alone.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels of the features of a block.</summary>
    public int Features { get; init; } = 256;

    /// <summary>Coefficient planes that a block network gives.</summary>
    public int Planes { get; init; } = 64;

    /// <summary>Channels of each frequency in the frequency network.</summary>
    public int FrequencyWidth { get; init; } = 4;

    /// <summary>Channels of the chroma network.</summary>
    public int ChromaWidth { get; init; } = 32;

    /// <summary>Channels of the networks that turn a quantisation table into filters.</summary>
    public int ManifoldWidth { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Features);
        Require.Width(Planes);
        Require.Width(FrequencyWidth);
        Require.Width(ChromaWidth);
        Require.Width(ManifoldWidth);
    }
}

/// <summary>A 3×3 convolution over blocks with 64 groups, one for each frequency of the DCT: [N, 64·in, h, w] to [N, 64·out, h, w].</summary>
internal sealed class FrequencyConv : Layer
{
    public const int Frequencies = BlockDct.Side * BlockDct.Side;

    private readonly Conv2d _filter;

    public FrequencyConv(long inside, long outside)
        => _filter = Add("filter", new Conv2d(inside * Frequencies, outside * Frequencies, 3, padding: 1, groups: Frequencies));

    public override Tensor Forward(Tensor input) => _filter.Forward(input);

    /// <summary>Planes of coefficients, [N, C, H, W], to frequencies, each with all its planes: [N, 64·C, H/8, W/8].</summary>
    public static Tensor Gather(Tensor planes)
    {
        using var scope = TensorScope.Enter();
        var (n, c, h, w) = (planes.Size(0), planes.Size(1), planes.Size(2) / BlockDct.Side, planes.Size(3) / BlockDct.Side);
        return scope.Keep(Functional.PixelUnshuffle(planes, BlockDct.Side).Reshape(n, c, Frequencies, h, w).Transpose(1, 2).Reshape(n, -1, h, w));
    }

    /// <summary>The inverse of <see cref="Gather"/>.</summary>
    public static Tensor Scatter(Tensor frequencies)
    {
        using var scope = TensorScope.Enter();
        var (n, h, w) = (frequencies.Size(0), frequencies.Size(2), frequencies.Size(3));
        var planes = frequencies.Reshape(n, Frequencies, -1, h, w).Transpose(1, 2).Reshape(n, -1, h, w);
        return scope.Keep(Functional.PixelShuffle(planes, BlockDct.Side));
    }
}

/// <summary>
/// QGAC's convolutional filter manifold: a small network turns the quantisation table into the 8×8 filters and biases of a convolution of
/// stride 8, or of its transpose, with a PReLU behind it. Every picture of a batch has filters of its own.
/// </summary>
internal sealed class FilterManifold : Module
{
    private static readonly Op Convolve = Op.Find("aten::conv2d");
    private static readonly Op ConvolveTransposed = Op.Find("aten::conv_transpose2d.input");

    private readonly long _inside, _outside;
    private readonly bool _transposed;
    private readonly Sequential _manifold;
    private readonly ConvTranspose2d _weights;
    private readonly Conv2d _biases;
    private readonly PRelu _activation;

    /// <param name="transposed">False: [N, inside, H, W] to [N, outside, H/8, W/8]. True: the other way, to 8 times the size.</param>
    public FilterManifold(long inside, long outside, long width, bool transposed = false)
    {
        (_inside, _outside, _transposed) = (inside, outside, transposed);
        _activation = Add("post_activation", new PRelu());
        _manifold = Add("manifold", new Sequential(new Conv2d(1, width, BlockDct.Side), new PRelu(), new Conv2d(width, width, 1), new PRelu()));
        _weights = Add("weight_transform", new ConvTranspose2d(width, inside * outside, BlockDct.Side));
        _biases = Add("bias_transfrom", new Conv2d(width, outside, 1)); // the published spelling
    }

    /// <param name="table">[N, 1, 8, 8], the quantiser steps divided by 255.</param>
    public Tensor Forward(Tensor table, Tensor input)
    {
        using var scope = TensorScope.Enter();
        var place = _manifold.Forward(table); // [N, width, 1, 1]
        long count = input.Size(0);
        var (first, second) = _transposed ? (_inside, _outside) : (_outside, _inside);
        var weights = _weights.Forward(place).Reshape(count * first, second, BlockDct.Side, BlockDct.Side);
        var biases = _biases.Forward(place).Reshape(count * _outside);
        // The pictures of the batch become groups of channels: one convolution, each group with its own filters.
        var side = new long[] { BlockDct.Side, BlockDct.Side };
        var none = new long[] { 0, 0 };
        var one = new long[] { 1, 1 };
        var grouped = input.Reshape(1, count * _inside, input.Size(2), input.Size(3));
        var output = _transposed
            ? ConvolveTransposed.Call(grouped, weights, biases, side, none, none, count, one)
            : Convolve.Call(grouped, weights, biases, side, none, one, count);
        return scope.Keep(_activation.Forward(output.Reshape(count, _outside, output.Size(2), output.Size(3))));
    }
}

/// <summary>
/// QGAC's RRDB: three dense blocks of five 3×3 convolutions as wide as the input, a PReLU behind each, everything added at 0.2. In the
/// frequency network the convolutions have 64 groups and the features are joined plainly, as in the authors' code: from the second
/// convolution on a group sees neighbouring frequencies, too.
/// </summary>
internal sealed class DenseResidual : Layer
{
    private const double Scale = 0.2;

    private readonly Dense[] _blocks;

    /// <param name="groups">1, or 64 for one group a frequency.</param>
    public DenseResidual(long channels, long groups = 1)
        => _blocks = [.. Enumerable.Range(1, 3).Select(k => Add($"block{k}", new Dense(channels, groups)))];

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep((_blocks.Aggregate(input, (x, block) => block.Forward(x)) * Scale) + input);
    }

    private sealed class Dense : Layer
    {
        private readonly Layer[] _convolutions;
        private readonly PRelu[] _activations;

        public Dense(long channels, long groups)
        {
            _convolutions = new Layer[5];
            _activations = new PRelu[5];
            for (int k = 0; k < 5; k++)
            {
                _convolutions[k] = groups == 1
                    ? Add($"conv{k + 1}", Conv2d.Same(channels * (k + 1), channels, 3))
                    : Add($"conv{k + 1}", new FrequencyConv(channels * (k + 1) / groups, channels / groups));
                _activations[k] = Add($"relu{k + 1}", new PRelu());
            }
        }

        public override Tensor Forward(Tensor input)
        {
            using var scope = TensorScope.Enter();
            var seen = input;
            for (int k = 0; ; k++)
            {
                var next = _activations[k].Forward(_convolutions[k].Forward(seen));
                if (k == 4)
                    return scope.Keep((next * Scale) + input);
                seen = Tensor.Cat([seen, next], 1);
            }
        }
    }
}

/// <summary>
/// The spread of each DCT coefficient in photographs, on the scale of samples, by which QGAC divides. The numbers here were measured on 152
/// training pictures (Y at full, Cb and Cr at half resolution); the means, all but that of brightness below 1, are taken as 0. Buffers: weights
/// trained with other statistics bring theirs along.
/// </summary>
internal sealed class CoefficientStatistics : Module
{
    private static readonly double[] Y =
    [
        485, 77, 42.8, 29.1, 21.8, 16.5, 12.3, 9.15,
        81.5, 40.7, 28.8, 21.1, 16.4, 12.8, 9.61, 7.25,
        45.5, 29.2, 22.7, 17.8, 14.3, 11.3, 8.47, 6.48,
        31.1, 21.6, 18.1, 15, 12.3, 9.53, 7.38, 5.74,
        23.2, 17.1, 14.5, 12.4, 10.3, 8.02, 6.31, 5.01,
        17.7, 13.5, 11.7, 9.96, 8.3, 6.79, 5.47, 4.35,
        13.3, 10.4, 8.96, 7.63, 6.5, 5.54, 4.56, 3.62,
        9.98, 7.71, 6.7, 5.94, 5.18, 4.44, 3.7, 3.01,
    ];

    private static readonly double[] Cb =
    [
        136, 20.3, 11, 6.38, 4.12, 2.99, 2.1, 1.81,
        21.9, 10.4, 6.71, 4.22, 2.92, 2.15, 1.66, 1.4,
        11.4, 6.91, 4.8, 3.27, 2.44, 1.83, 1.47, 1.27,
        7.05, 4.42, 3.33, 2.52, 1.97, 1.57, 1.28, 1.18,
        4.43, 3.11, 2.5, 2.01, 1.61, 1.35, 1.16, 1.05,
        3.25, 2.34, 1.96, 1.65, 1.4, 1.17, 1.04, 0.953,
        2.37, 1.9, 1.63, 1.38, 1.16, 1.05, 0.951, 0.904,
        2.02, 1.67, 1.47, 1.21, 1.07, 0.977, 0.889, 0.892,
    ];

    private static readonly double[] Cr =
    [
        121, 18.1, 9.37, 5.54, 3.66, 2.52, 1.89, 1.64,
        20.1, 9.4, 5.96, 3.67, 2.57, 1.91, 1.52, 1.34,
        10.4, 6.36, 4.3, 2.89, 2.12, 1.65, 1.35, 1.21,
        6.35, 3.94, 2.98, 2.26, 1.74, 1.36, 1.13, 1.07,
        4.04, 2.78, 2.26, 1.79, 1.44, 1.16, 1.05, 0.953,
        2.91, 2.1, 1.71, 1.46, 1.24, 1.04, 0.915, 0.858,
        2.14, 1.67, 1.42, 1.23, 1.02, 0.921, 0.86, 0.797,
        1.88, 1.46, 1.27, 1.08, 0.96, 0.872, 0.8, 0.785,
    ];

    private readonly Tensor _mean;
    private readonly Tensor _deviation;

    public CoefficientStatistics(int channels)
    {
        _mean = AddBuffer("mean", Tensor.Zeros([channels, 1, BlockDct.Side, BlockDct.Side]));
        _deviation = AddBuffer("std", Tensor.From([.. Of(channels).Select(value => (float)value)], channels, 1, BlockDct.Side, BlockDct.Side));
    }

    /// <param name="coefficients">[N, 1, H, W], dequantised, of one component.</param>
    public Tensor Normalise(Tensor coefficients, int component)
        => (coefficients - Spread(_mean, component, coefficients)) / Spread(_deviation, component, coefficients);

    /// <summary>The inverse of <see cref="Normalise"/>.</summary>
    public Tensor Restore(Tensor normalised, int component) => Scale(normalised, component) + Spread(_mean, component, normalised);

    /// <summary>A difference of normalised coefficients on the scale of samples.</summary>
    public Tensor Scale(Tensor difference, int component) => difference * Spread(_deviation, component, difference);

    private static double[] Of(int channels) => channels == 1 ? Y : [.. Y, .. Cb, .. Cr];

    private static Tensor Spread(Tensor table, int component, Tensor like)
        => BlockDct.Spread(table.Narrow(0, component, 1), like.Size(2), like.Size(3));
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>MUSIQ with one of its four published weights.</summary>
public sealed class Musiq : BlindNetworkMetric<MusiqNetwork>
{
    private Musiq(string name, string trainedOn, string range, int outputs)
        : base(
            name, $"Quality seen at three sizes by a transformer, trained on {trainedOn}; no reference", ContractOf(name, range),
            () => PublishedWeights.Fill(() => new MusiqNetwork(new MusiqOptions { Outputs = outputs }), name))
    {
    }

    public static Musiq Koniq { get; } = new("musiq", "KonIQ-10k", "about 0..100", 1);

    public static Musiq Spaq { get; } = new("musiq-spaq", "SPAQ", "about 0..100", 1);

    public static Musiq Paq2Piq { get; } = new("musiq-paq2piq", "PaQ-2-PiQ", "about 0..100", 1);

    public static Musiq Ava { get; } = new("musiq-ava", "AVA, opinions on beauty", "1..10", 10);

    private protected override Tensor Score(MusiqNetwork network, Tensor picture) => network.Forward(picture);

    private static MetricContract ContractOf(string name, string range) => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, −1..1; gray as R = G = B",
        Border = "zeros beyond, up to whole patches",
        Window = "patches of 32×32 at longer sides 224, 384 (bicubic, no antialiasing) and its own; memory grows with the square of the pixels",
        Range = range,
        Decimals = 3,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 32,
        Weights = [name],
        Source = "Ke et al., ICCV 2021; pyiqa's weights and resizing",
    };
}

/// <summary>TensorFlow's "SAME": zeros so that the output has ⌈size/stride⌉ places; of an odd number, one more behind than before.</summary>
internal static class SamePadding
{
    public static Tensor Apply(Tensor input, long kernel, long stride)
    {
        long high = Needed(input.Size(2), kernel, stride), wide = Needed(input.Size(3), kernel, stride);
        return Functional.Pad(input, wide / 2, wide - (wide / 2), high / 2, high - (high / 2), Padding.Zero);
    }

    private static long Needed(long size, long kernel, long stride) => Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + kernel - size);
}

/// <summary>Normalisation over groups of channels, as in PyTorch.</summary>
internal sealed class GroupNorm : Layer
{
    private static readonly Op GroupNormOp = Op.Find("aten::group_norm");

    private readonly Tensor _weight, _bias;
    private readonly int _groups;
    private readonly double _epsilon;

    public GroupNorm(int groups, long channels, double epsilon)
    {
        _groups = groups;
        _epsilon = epsilon;
        _weight = AddParameter("weight", Tensor.Ones([channels]));
        _bias = AddParameter("bias", Tensor.Zeros([channels]));
    }

    public override Tensor Forward(Tensor input) => GroupNormOp.Call(input, _groups, _weight, _bias, _epsilon);
}

/// <summary>Options of <see cref="MusiqNetwork"/>; the defaults are the published networks.</summary>
public sealed record MusiqOptions
{
    /// <summary>Longer sides to which the picture is brought, beside its own size.</summary>
    public int[] Sides { get; init; } = [224, 384];

    /// <summary>Channels of the patch encoder's first convolution, a multiple of the groups.</summary>
    public int Stem { get; init; } = 64;

    /// <summary>Groups of its normalisation.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Numbers in a token.</summary>
    public int Width { get; init; } = 384;

    public int Heads { get; init; } = 6;

    public int Blocks { get; init; } = 14;

    /// <summary>Width between the two linear layers of a block.</summary>
    public int Inner { get; init; } = 1152;

    /// <summary>1 for a score, 10 for the distribution of opinions 1..10 (AVA), whose mean is the score.</summary>
    public int Outputs { get; init; } = 1;
}

/// <summary>A convolution without bias whose filters are brought to mean 0 and deviation 1 before use: Qiao et al., arXiv:1903.10520.</summary>
internal sealed class StandardConv2d : Layer
{
    private const double Epsilon = 1e-5;

    private readonly Tensor _weight;
    private readonly long _stride;

    public StandardConv2d(long inChannels, long outChannels, long kernel, long stride = 1)
    {
        _weight = AddParameter("weight", Tensor.Randn([outChannels, inChannels, kernel, kernel]));
        _stride = stride;
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var centred = _weight - _weight.Mean([1, 2, 3], keep: true);
        double others = (_weight.Count / _weight.Size(0)) - 1.0;
        var deviation = (centred.Square().Sum([1, 2, 3], keep: true) / others).Sqrt();
        var padded = SamePadding.Apply(input, _weight.Size(2), _stride);
        return scope.Keep(Functional.Conv2d(padded, centred / (deviation + Epsilon), null, _stride));
    }
}

/// <summary>
/// MUSIQ: Ke, Wang, Wang, Milanfar, Yang, "MUSIQ: Multi-scale Image Quality Transformer", ICCV 2021, in pyiqa's form: bicubic resizing without
/// antialiasing. The picture at three sizes is cut into patches of 32×32, zeros beyond the border; each becomes a token, with its place on a
/// 10×10 grid and its size added. The published sequences have empty places for patches that a narrow picture lacks, and mask them so
/// that their weight is zero: here they are not there.
/// </summary>
public sealed class MusiqNetwork : Module
{
    internal const double Epsilon = 1e-6;

    private const int Patch = 32, Grid = 10, Reduced = 8;

    private static readonly Op IndexSelect = Op.Find("aten::index_select");

    private readonly int[] _sides;
    private readonly StandardConv2d _root;
    private readonly GroupNorm _rootNorm;
    private readonly MusiqBottleneck _block;
    private readonly Linear _embedding;
    private readonly Tensor _class, _places, _scales;
    private readonly MusiqBlock[] _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    public MusiqNetwork(MusiqOptions options)
    {
        if (options.Stem % options.Groups != 0 || options.Width % options.Heads != 0)
            throw new ArgumentException("the stem must be a multiple of the groups, and the width one of the heads");
        _sides = options.Sides;
        _root = Add("conv_root", new StandardConv2d(3, options.Stem, 7, stride: 2));
        _rootNorm = Add("gn_root", new GroupNorm(options.Groups, options.Stem, Epsilon));
        _block = Add("block1", new MusiqBottleneck(options.Stem, options.Groups));
        _embedding = Add("embedding", new Linear(4L * options.Stem * Reduced * Reduced, options.Width));
        _class = AddParameter("transformer_encoder.cls", Tensor.Zeros([1, 1, options.Width]));
        _places = AddParameter("transformer_encoder.posembed_input.position_emb", Tensor.Zeros([1, Grid * Grid, options.Width]));
        _scales = AddParameter("transformer_encoder.scaleembed_input.scale_emb", Tensor.Zeros([_sides.Length + 1, options.Width]));
        _blocks = [.. Enumerable.Range(0, options.Blocks).Select(k =>
            Add($"transformer_encoder.transformer.encoderblock_{k}", new MusiqBlock(options.Width, options.Heads, options.Inner)))];
        _norm = Add("transformer_encoder.encoder_norm", new LayerNorm(options.Width, Epsilon));
        _head = Add(options.Outputs == 1 ? "head" : "head.0", new Linear(options.Width, options.Outputs));
    }

    /// <summary>The score of one picture [1, 3, H, W], RGB, 0..1: [1].</summary>
    public Tensor Forward(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        var centred = (picture * 2) - 1;
        var tokens = Enumerable.Range(0, _sides.Length + 1).Select(scale => Tokens(centred, scale)).Prepend(_class);
        var x = Tensor.Cat([.. tokens], 1);
        foreach (var block in _blocks)
            x = block.Forward(x);
        var output = _head.Forward(_norm.Forward(x).Narrow(1, 0, 1)).Reshape(1, -1);
        return scope.Keep(output.Size(1) == 1 ? output.Reshape(1) : MeanOpinion(output));
    }

    private static Tensor MeanOpinion(Tensor output)
    {
        double[] opinions = [.. Enumerable.Range(1, (int)output.Size(1)).Select(k => (double)k)];
        return (Functional.Softmax(output, 1) * Tensor.From(opinions, 1, opinions.Length).To(output.DType)).Sum([1]);
    }

    // [1, 3, H, W] at one size to [1, patches, width].
    private Tensor Tokens(Tensor picture, int scale)
    {
        var sized = scale < _sides.Length ? Resize(picture, _sides[scale]) : picture;
        var padded = SamePadding.Apply(sized, Patch, Patch);
        long down = padded.Size(2) / Patch, across = padded.Size(3) / Patch;
        var patches = padded.Reshape(3, down, Patch, across, Patch).Permute(1, 3, 0, 2, 4).Reshape(down * across, 3, Patch, Patch);
        var features = Functional.Relu(_rootNorm.Forward(_root.Forward(patches)));
        features = _block.Forward(Functional.MaxPool2d(SamePadding.Apply(features, 3, 2), 3, 2));
        var tokens = _embedding.Forward(features.Permute(0, 2, 3, 1).Reshape(down * across, -1));
        long[] places = [.. Enumerable.Range(0, (int)(down * across)).Select(i => (i / across * Grid / down * Grid) + (i % across * Grid / across))];
        var placed = tokens + IndexSelect.Call(_places.Reshape(Grid * Grid, -1), 0, Tensor.From(places, places.Length)) + _scales.Narrow(0, scale, 1);
        return placed.Unsqueeze(0);
    }

    private static Tensor Resize(Tensor picture, int side)
    {
        double factor = side / (double)Math.Max(picture.Size(2), picture.Size(3));
        long height = Math.Max(1, (long)Math.Round(picture.Size(2) * factor)), width = Math.Max(1, (long)Math.Round(picture.Size(3) * factor));
        return Functional.Interpolate(picture, height, width, Interpolation.Bicubic);
    }
}

/// <summary>A transformer block, normalised first, whose query, key and value are layers of their own. [N, T, E].</summary>
internal sealed class MusiqBlock : Layer
{
    private readonly LayerNorm _norm1, _norm2;
    private readonly Linear _query, _key, _value, _out, _first, _second;
    private readonly int _heads;

    public MusiqBlock(long width, int heads, long inner)
    {
        _heads = heads;
        _norm1 = Add("norm1", new LayerNorm(width, MusiqNetwork.Epsilon));
        _query = Add("attention.query", new Linear(width, width));
        _key = Add("attention.key", new Linear(width, width));
        _value = Add("attention.value", new Linear(width, width));
        _out = Add("attention.out", new Linear(width, width));
        _norm2 = Add("norm2", new LayerNorm(width, MusiqNetwork.Epsilon));
        _first = Add("mlp.fc1", new Linear(width, inner));
        _second = Add("mlp.fc2", new Linear(inner, width));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var normed = _norm1.Forward(input);
        var x = input + _out.Forward(Attention.Of(_query.Forward(normed), _key.Forward(normed), _value.Forward(normed), _heads));
        return scope.Keep(x + _second.Forward(Functional.Gelu(_first.Forward(_norm2.Forward(x)))));
    }
}

/// <summary>The residual block of <see cref="MusiqNetwork"/>'s patch encoder: 1×1, 3×3, 1×1 to four times as many channels.</summary>
internal sealed class MusiqBottleneck : Layer
{
    private const double Epsilon = 1e-4;

    private readonly StandardConv2d _conv1, _conv2, _conv3, _projection;
    private readonly GroupNorm _norm1, _norm2, _norm3, _normProjection;

    public MusiqBottleneck(long channels, int groups)
    {
        _conv1 = Add("conv1", new StandardConv2d(channels, channels, 1));
        _norm1 = Add("gn1", new GroupNorm(groups, channels, Epsilon));
        _conv2 = Add("conv2", new StandardConv2d(channels, channels, 3));
        _norm2 = Add("gn2", new GroupNorm(groups, channels, Epsilon));
        _conv3 = Add("conv3", new StandardConv2d(channels, 4 * channels, 1));
        _norm3 = Add("gn3", new GroupNorm(groups, 4 * channels, Epsilon));
        _projection = Add("conv_proj", new StandardConv2d(channels, 4 * channels, 1));
        _normProjection = Add("gn_proj", new GroupNorm(groups, 4 * channels, Epsilon));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var x = Functional.Relu(_norm1.Forward(_conv1.Forward(input)));
        x = Functional.Relu(_norm2.Forward(_conv2.Forward(x)));
        x = _norm3.Forward(_conv3.Forward(x));
        return scope.Keep(Functional.Relu(x + _normProjection.Forward(_projection.Forward(input))));
    }
}

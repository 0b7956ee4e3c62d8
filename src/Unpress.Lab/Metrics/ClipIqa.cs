using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>CLIP-IQA with one of two sets of prompts; their scores do not compare.</summary>
public sealed class ClipIqa : BlindNetworkMetric<ClipIqaNetwork>
{
    private const string Weights = "clip-rn50";

    private ClipIqa(string name, string summary, string source, IReadOnlyList<(int[] Good, int[] Bad)> pairs)
        : base(name, summary, ContractOf(source), () => PublishedWeights.FillFrom(() => new ClipIqaNetwork(new ClipIqaOptions { Pairs = pairs }), Weights))
    {
    }

    public static ClipIqa Images { get; } = new(
        "clip-iqa", "Whether CLIP finds a picture nearer to five prompts that praise than to their opposites; no reference",
        "Wang et al., AAAI 2023; pyiqa's five pairs of prompts", ClipPrompts.Images);

    public static ClipIqa Photos { get; } = new(
        "clip-iqa-photo", "Whether CLIP finds a picture nearer to \"Good photo.\" than to \"Bad photo.\"; no reference",
        "Wang et al., AAAI 2023, its one pair of prompts; in single precision, where the authors' code has half", ClipPrompts.Photos);

    private protected override Tensor Score(ClipIqaNetwork network, Tensor picture) => network.Forward(picture);

    private static MetricContract ContractOf(string source) => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, (x − mean)/deviation of CLIP in 0..1; gray as R = G = B",
        Border = "zeros beyond, as in CLIP's ResNet",
        Window = "the whole picture in its own size",
        Range = "0..1",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 32,
        Weights = [Weights],
        Source = source,
    };
}

/// <summary>
/// The prompts of CLIP-IQA as CLIP's tokenizer numbers their words, so that neither it nor its vocabulary is needed.
/// </summary>
internal static class ClipPrompts
{
    private const int Image = 2867, Photo = 1125, Point = 269, Edges = 20938;

    /// <summary>"Good photo." and "Bad photo.": the paper's.</summary>
    public static IReadOnlyList<(int[] Good, int[] Bad)> Photos { get; } = [([886, Photo, Point], [2103, Photo, Point])];

    /// <summary>Good and bad, sharp and blurry, sharp and blurry edges, high and low resolution, noise-free and noisy: pyiqa's.</summary>
    public static IReadOnlyList<(int[] Good, int[] Bad)> Images { get; } =
    [
        ([886, Image], [2103, Image]),
        ([8157, Image], [21977, Image]),
        ([8157, Edges], [21977, Edges]),
        ([1400, 9977, Image], [1042, 9977, Image]),
        ([9307, 268, 1139, Image], [33495, Image]),
    ];
}

/// <summary>Options of <see cref="ClipIqaNetwork"/>; the defaults are CLIP's RN50.</summary>
public sealed record ClipIqaOptions
{
    /// <summary>Two prompts of opposite meaning, each as numbers of words in CLIP's vocabulary; the first of them praises.</summary>
    public required IReadOnlyList<(int[] Good, int[] Bad)> Pairs { get; init; }

    /// <summary>Channels after the picture's first layers, even; a head of the attention at the end has 64 of their 32-fold.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Bottlenecks in each of the four stages.</summary>
    public int[] Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Numbers that describe a picture or a prompt.</summary>
    public int Features { get; init; } = 1024;

    /// <summary>Numbers in a token of a prompt.</summary>
    public int TextWidth { get; init; } = 512;

    public int TextHeads { get; init; } = 8;

    public int TextBlocks { get; init; } = 12;

    /// <summary>Words of the vocabulary; the last two are the beginning and the end of a prompt.</summary>
    public int Vocabulary { get; init; } = 49408;

    /// <summary>Tokens that a prompt can have.</summary>
    public int Context { get; init; } = 77;
}

/// <summary>
/// CLIP-IQA: Wang, Chan, Loy, "Exploring CLIP for Assessing the Look and Feel of Images", AAAI 2023, on CLIP's RN50 (Radford et al., ICML 2021):
/// whether a picture is nearer to a prompt that praises or to its opposite, the mean over pairs of prompts.
/// </summary>
public sealed class ClipIqaNetwork : Module
{
    private static readonly double[] Mean = [0.48145466, 0.4578275, 0.40821073];
    private static readonly double[] Deviation = [0.26862954, 0.26130258, 0.27577711];
    private static readonly Op EmbeddingOp = Op.Find("aten::embedding");

    private readonly ClipIqaOptions _options;
    private readonly ClipResNet _visual;
    private readonly Tensor _words, _places, _projection, _scale;
    private readonly ClipTextBlock[] _blocks;
    private readonly LayerNorm _norm;
    private Tensor? _prompts;

    public ClipIqaNetwork(ClipIqaOptions options)
    {
        if (options.Blocks.Length != 4 || options.Width % 2 != 0 || options.TextWidth % options.TextHeads != 0)
            throw new ArgumentException("four stages, an even width, and a text width that is a multiple of its heads");
        _options = options;
        _visual = Add("visual", new ClipResNet(options));
        _words = AddParameter("token_embedding.weight", Tensor.Zeros([options.Vocabulary, options.TextWidth]));
        _places = AddParameter("positional_embedding", Tensor.Zeros([options.Context, options.TextWidth]));
        _blocks = [.. Enumerable.Range(0, options.TextBlocks)
            .Select(k => Add($"transformer.resblocks.{k}", new ClipTextBlock(options.TextWidth, options.TextHeads)))];
        _norm = Add("ln_final", new LayerNorm(options.TextWidth));
        _projection = AddParameter("text_projection", Tensor.Zeros([options.TextWidth, options.Features]));
        _scale = AddParameter("logit_scale", Tensor.Zeros([]));
    }

    /// <summary>Scores of a batch [N, 3, H, W], RGB, 0..1: [N]. The prompts are read once, with the weights of the first call.</summary>
    public Tensor Forward(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        _prompts ??= Prompts().Unscoped();
        var features = Unit(_visual.Forward(ImageNetRange.Apply(picture, Mean, Deviation)));
        var likeness = features.MatMul(_prompts.Transpose(0, 1)) * _scale.Exp();
        var good = Functional.Softmax(likeness.Reshape(picture.Size(0), -1, 2), -1).Narrow(2, 0, 1);
        return scope.Keep(good.Mean([1, 2]));
    }

    // [2·pairs, features]
    private Tensor Prompts()
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Tensor.Cat([.. _options.Pairs.SelectMany(pair => new[] { pair.Good, pair.Bad }).Select(Prompt)], 0));
    }

    // What CLIP pads a prompt with comes after its end, where no token before looks: it is left out.
    private Tensor Prompt(int[] words)
    {
        using var scope = TensorScope.Enter();
        long[] tokens = [_options.Vocabulary - 2, .. words, _options.Vocabulary - 1];
        int count = tokens.Length;
        var x = EmbeddingOp.Call(_words, Tensor.From(tokens, 1, count)) + _places.Narrow(0, 0, count);
        var mask = Tensor.From([.. Enumerable.Range(0, count * count).Select(i => i % count > i / count ? double.NegativeInfinity : 0)],
            count, count).To(x.DType);
        foreach (var block in _blocks)
            x = block.Forward(x, mask);
        return scope.Keep(Unit(_norm.Forward(x.Narrow(1, count - 1, 1)).Squeeze(1).MatMul(_projection)));
    }

    private static Tensor Unit(Tensor features) => features / features.Square().Sum([1], keep: true).Sqrt();
}

/// <summary>A block of CLIP's text transformer, normalised first, with x·σ(1.702 x) between its two linear layers. [N, T, E].</summary>
internal sealed class ClipTextBlock : Module
{
    private const double Slope = 1.702;

    private readonly LayerNorm _norm1, _norm2;
    private readonly MultiheadAttention _attention;
    private readonly Linear _first, _second;

    public ClipTextBlock(long width, int heads)
    {
        _norm1 = Add("ln_1", new LayerNorm(width));
        _attention = Add("attn", new MultiheadAttention(width, heads));
        _norm2 = Add("ln_2", new LayerNorm(width));
        _first = Add("mlp.c_fc", new Linear(width, 4 * width));
        _second = Add("mlp.c_proj", new Linear(4 * width, width));
    }

    /// <param name="mask">[T, T], added to the attention's scores.</param>
    public Tensor Forward(Tensor input, Tensor mask)
    {
        using var scope = TensorScope.Enter();
        var normed = _norm1.Forward(input);
        var x = input + _attention.Forward(normed, normed, mask);
        var inner = _first.Forward(_norm2.Forward(x));
        return scope.Keep(x + _second.Forward(inner * (inner * Slope).Sigmoid()));
    }
}

/// <summary>CLIP's ResNet: three convolutions at the beginning, average pooling wherever it shrinks, attention at the end.</summary>
internal sealed class ClipResNet : Layer
{
    private readonly Conv2d[] _stem = new Conv2d[3];
    private readonly BatchNorm2d[] _norms = new BatchNorm2d[3];
    private readonly Sequential[] _stages = new Sequential[4];
    private readonly ClipAttentionPool _pool;

    public ClipResNet(ClipIqaOptions options)
    {
        long[] widths = [3, options.Width / 2, options.Width / 2, options.Width];
        for (int k = 0; k < 3; k++)
        {
            _stem[k] = Add($"conv{k + 1}", new Conv2d(widths[k], widths[k + 1], 3, stride: k == 0 ? 2 : 1, padding: 1, bias: false));
            _norms[k] = Add($"bn{k + 1}", new BatchNorm2d(widths[k + 1]));
        }

        long channels = options.Width;
        for (int stage = 0; stage < 4; stage++)
        {
            long width = (long)options.Width << stage;
            var blocks = new Layer[options.Blocks[stage]];
            for (int b = 0; b < blocks.Length; b++, channels = 4 * width)
                blocks[b] = new ClipBottleneck(channels, width, stage > 0 && b == 0 ? 2 : 1);
            _stages[stage] = Add($"layer{stage + 1}", new Sequential(blocks));
        }

        _pool = Add("attnpool", new ClipAttentionPool(channels, (int)channels / 64, options.Features));
    }

    /// <summary>[N, 3, H, W], in CLIP's range, to [N, features].</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var x = input;
        for (int k = 0; k < 3; k++)
            x = Functional.Relu(_norms[k].Forward(_stem[k].Forward(x)));
        x = Functional.AvgPool2d(x, 2, 2);
        foreach (var stage in _stages)
            x = stage.Forward(x);
        return scope.Keep(_pool.Forward(x));
    }
}

/// <summary>
/// A picture's features become one vector: their mean asks the mean and all places. The published weights add a place to each, which ties the
/// network to 224×224; CLIP-IQA leaves that out, and so takes any size.
/// </summary>
internal sealed class ClipAttentionPool : Layer
{
    private readonly Linear _query, _key, _value, _out;
    private readonly int _heads;

    public ClipAttentionPool(long width, int heads, long outputs)
    {
        _heads = heads;
        _query = Add("q_proj", new Linear(width, width));
        _key = Add("k_proj", new Linear(width, width));
        _value = Add("v_proj", new Linear(width, width));
        _out = Add("c_proj", new Linear(width, outputs));
    }

    /// <summary>[N, C, H, W] to [N, outputs].</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var places = input.Reshape(input.Size(0), input.Size(1), -1).Transpose(1, 2);
        var mean = places.Mean([1], keep: true);
        var all = Tensor.Cat([mean, places], 1);
        var found = Attention.Of(_query.Forward(mean), _key.Forward(all), _value.Forward(all), _heads);
        return scope.Keep(_out.Forward(found).Squeeze(1));
    }
}

/// <summary>
/// ResNet's bottleneck with strides taken by average pooling: before the last convolution, and before the skip's. All convolutions have stride 1.
/// </summary>
internal sealed class ClipBottleneck : Layer
{
    private readonly Conv2d _conv1, _conv2, _conv3;
    private readonly BatchNorm2d _bn1, _bn2, _bn3;
    private readonly Sequential? _downsample;
    private readonly long _stride;

    public ClipBottleneck(long inChannels, long width, long stride)
    {
        _stride = stride;
        _conv1 = Add("conv1", new Conv2d(inChannels, width, 1, bias: false));
        _bn1 = Add("bn1", new BatchNorm2d(width));
        _conv2 = Add("conv2", new Conv2d(width, width, 3, padding: 1, bias: false));
        _bn2 = Add("bn2", new BatchNorm2d(width));
        _conv3 = Add("conv3", new Conv2d(width, 4 * width, 1, bias: false));
        _bn3 = Add("bn3", new BatchNorm2d(4 * width));
        if (stride != 1 || inChannels != 4 * width)
            _downsample = Add("downsample", new Sequential(new Conv2d(inChannels, 4 * width, 1, bias: false), new BatchNorm2d(4 * width)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var change = Functional.Relu(_bn1.Forward(_conv1.Forward(input)));
        change = Pool(Functional.Relu(_bn2.Forward(_conv2.Forward(change))));
        change = _bn3.Forward(_conv3.Forward(change));
        return scope.Keep(Functional.Relu(change + (_downsample?.Forward(Pool(input)) ?? input)));
    }

    private Tensor Pool(Tensor input) => _stride == 1 ? input : Functional.AvgPool2d(input, _stride, _stride);
}

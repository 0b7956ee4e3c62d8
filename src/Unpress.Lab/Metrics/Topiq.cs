using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>TOPIQ with a reference.</summary>
public sealed class Topiq : PairNetworkMetric<TopiqNetwork>
{
    private Topiq(string name, string trainedOn)
        : base(
            name, $"Quality against a reference, seen from semantics down to distortions, trained on {trainedOn}", ContractOf(name),
            () => PublishedWeights.Fill(() => new TopiqNetwork(new TopiqOptions()), name))
    {
    }

    public static Topiq Fr { get; } = new("topiq-fr", "KADID-10k");

    public static Topiq FrPipal { get; } = new("topiq-fr-pipal", "PIPAL");

    /// <summary>What TOPIQ promises with a reference and without.</summary>
    internal static MetricContract ContractOf(string name) => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, (x − mean)/deviation of ImageNet in 0..1; gray as R = G = B",
        Border = "zeros beyond, as in ResNet-50",
        Window = "the whole picture in its own size",
        Range = "about 0..1",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 32,
        Weights = [name],
        Source = "Chen et al., IEEE TIP 2024; pyiqa's weights",
    };

    private protected override Tensor Score(TopiqNetwork network, Tensor picture, Tensor reference) => network.Forward(picture, reference);
}

/// <summary>Options of <see cref="TopiqNetwork"/>; the defaults are the published networks.</summary>
public sealed record TopiqOptions
{
    /// <summary>Whether it compares with a reference.</summary>
    public bool Reference { get; init; } = true;

    /// <summary>Numbers in a token, a multiple of two and of the heads.</summary>
    public int Width { get; init; } = 256;

    public int Heads { get; init; } = 4;

    /// <summary>Width between the two linear layers of a block.</summary>
    public int Inner { get; init; } = 1024;

    public ResNet50Options Backbone { get; init; } = new();
}

/// <summary>TOPIQ without a reference.</summary>
public sealed class TopiqBlind : BlindNetworkMetric<TopiqNetwork>
{
    private readonly int? _side;

    /// <param name="side">The shorter side to which the picture is brought first; null leaves its size.</param>
    private TopiqBlind(string name, string trainedOn, int? side = null)
        : base(
            name, $"Quality seen from semantics down to distortions, without a reference, trained on {trainedOn}", ContractOf(name, side),
            () => PublishedWeights.Fill(() => new TopiqNetwork(new TopiqOptions { Reference = false }), name))
        => _side = side;

    public static TopiqBlind Nr { get; } = new("topiq-nr", "KonIQ-10k");

    public static TopiqBlind NrFlive { get; } = new("topiq-nr-flive", "FLIVE", side: 384);

    public static TopiqBlind NrSpaq { get; } = new("topiq-nr-spaq", "SPAQ");

    /// <summary>The shorter side brought to a length, bilinear with antialiasing; the longer one rounded down.</summary>
    internal static Tensor Resize(Tensor picture, int side)
    {
        long height = picture.Size(2), width = picture.Size(3), least = Math.Min(height, width);
        return Functional.Resample(picture, height * side / least, width * side / least, Interpolation.Bilinear);
    }

    private protected override Tensor Score(TopiqNetwork network, Tensor picture)
        => network.Forward(_side is { } side ? Resize(picture, side) : picture);

    private static MetricContract ContractOf(string name, int? side) => side is null
        ? Topiq.ContractOf(name)
        : Topiq.ContractOf(name) with { Window = $"the whole picture, its shorter side brought to {side} (bilinear, antialiasing)" };
}

/// <summary>
/// TOPIQ: Chen, Mo, Hou, Wu, Liao, Sun, Yan, Lin, "TOPIQ: A Top-Down Approach from Semantics to Distortions for Image Quality Assessment", IEEE
/// TIP 2024, its network CFANet on ResNet-50. Five levels of features become tokens; the coarsest asks the finer ones, one after the other.
/// </summary>
public sealed class TopiqNetwork : Module
{
    private const int Levels = 5, EmbeddingSide = 32;

    private static readonly string[] Taps = ["relu", "layer1", "layer2", "layer3", "layer4"];

    private readonly ResNet50 _backbone;
    private readonly TopiqGate[] _gates = new TopiqGate[Levels];
    private readonly Sequential[] _narrow = new Sequential[Levels];
    private readonly TopiqEncoderLayer[] _within = new TopiqEncoderLayer[Levels];
    private readonly TopiqDecoderLayer[] _across = new TopiqDecoderLayer[Levels - 1];
    private readonly TopiqEncoderLayer _pool;
    private readonly Sequential _score;
    private readonly Tensor _rows, _columns;

    public TopiqNetwork(TopiqOptions options)
    {
        int width = options.Width;
        if (width % 2 != 0 || width % options.Heads != 0)
            throw new ArgumentException($"width {width} is not a multiple of 2 and of {options.Heads} heads");
        _backbone = Add("semantic_model", new ResNet50(options.Backbone));
        for (int level = 0; level < Levels; level++)
        {
            long channels = (long)options.Backbone.Width << (level == 0 ? 0 : level + 1);
            _gates[level] = Add($"weight_pool.{level}", new TopiqGate(channels, options.Reference));
            _narrow[level] = Add($"dim_reduce.{level}", new Sequential(new Conv2d(options.Reference ? 3 * channels : channels, width, 1), new Gelu()));
            _within[level] = Add($"sa_attn_blks.{level}.layers.0", new TopiqEncoderLayer(width, options.Heads, options.Inner));
        }

        for (int k = 0; k < Levels - 1; k++)
            _across[k] = Add($"attn_blks.{k}.layers.0", new TopiqDecoderLayer(width, options.Heads, options.Inner));
        _pool = Add("attn_pool", new TopiqEncoderLayer(width, options.Heads, options.Inner));
        _score = Add("score_linear", new Sequential(
            new LayerNorm(width), new Linear(width, width), new Gelu(), new LayerNorm(width), new Linear(width, width), new Gelu(), new Linear(width, 1)));
        _rows = AddParameter("h_emb", Tensor.Randn([1, width / 2, EmbeddingSide, 1]));
        _columns = AddParameter("w_emb", Tensor.Randn([1, width / 2, 1, EmbeddingSide]));
    }

    /// <summary>Scores of a batch [N, 3, H, W], RGB, 0..1: [N, 1].</summary>
    /// <param name="image">The pictures to judge.</param>
    /// <param name="reference">Their originals, where the network compares.</param>
    public Tensor Forward(Tensor image, Tensor? reference = null)
    {
        using var scope = TensorScope.Enter();
        var seen = _backbone.Features(image, Taps);
        var known = reference is null ? null : _backbone.Features(reference, Taps);
        var coarse = seen[Taps[^1]];
        var tokens = Enumerable.Range(0, Levels).Select(level =>
        {
            var feature = seen[Taps[level]];
            var gated = known is null ? _gates[level].Forward(feature) : _gates[level].Forward(feature, known[Taps[level]]);
            return Tokens(level, gated, coarse.Size(2), coarse.Size(3));
        }).ToArray();
        var query = tokens[^1];
        for (int k = 0; k < _across.Length; k++)
            query = _across[k].Forward(query, tokens[Levels - 2 - k]);
        return scope.Keep(_score.Forward(_pool.Forward(query).Mean([1])));
    }

    // [N, C, H, W] to [N, H·W, width].
    private Tensor Tokens(int level, Tensor features, long coarseHeight, long coarseWidth)
    {
        if (features.Size(2) > coarseHeight && features.Size(3) > coarseWidth)
            features = Functional.AdaptiveAvgPool2d(features, coarseHeight, coarseWidth);
        var narrow = _narrow[level].Forward(features);
        var placed = narrow + Places(narrow.Size(2), narrow.Size(3));
        return _within[level].Forward(placed.Reshape(placed.Size(0), placed.Size(1), -1).Transpose(1, 2));
    }

    // The learned places, [1, width, H, W]: rows first, then columns.
    private Tensor Places(long height, long width)
    {
        var line = Tensor.Zeros([1, _rows.Size(1), EmbeddingSide, EmbeddingSide], _rows.DType);
        return Functional.Interpolate(Tensor.Cat([line + _rows, line + _columns], 1), height, width, Interpolation.Bicubic);
    }
}

/// <summary>x·Φ(x), exact.</summary>
internal sealed class Gelu : Layer
{
    public override Tensor Forward(Tensor input) => Functional.Gelu(input);
}

/// <summary>Tokens look at each other: normalised first, self-attention, then two linear layers with GELU, each added to what came in.</summary>
internal sealed class TopiqEncoderLayer : Layer
{
    private readonly MultiheadAttention _attention;
    private readonly Linear _linear1, _linear2;
    private readonly LayerNorm _norm1, _norm2;

    public TopiqEncoderLayer(long width, int heads, long inner)
    {
        _attention = Add("self_attn", new MultiheadAttention(width, heads));
        _linear1 = Add("linear1", new Linear(width, inner));
        _linear2 = Add("linear2", new Linear(inner, width));
        _norm1 = Add("norm1", new LayerNorm(width));
        _norm2 = Add("norm2", new LayerNorm(width));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var normed = _norm1.Forward(input);
        var x = input + _attention.Forward(normed, normed);
        return scope.Keep(x + _linear2.Forward(Functional.Gelu(_linear1.Forward(_norm2.Forward(x)))));
    }
}

/// <summary>Tokens look at those of a finer level. The published files hold a self-attention too, which nothing uses.</summary>
internal sealed class TopiqDecoderLayer : Module
{
    private readonly MultiheadAttention _attention;
    private readonly Linear _linear1, _linear2;
    private readonly LayerNorm _norm1, _norm2, _norm3;

    public TopiqDecoderLayer(long width, int heads, long inner)
    {
        Add("self_attn", new MultiheadAttention(width, heads));
        _attention = Add("multihead_attn", new MultiheadAttention(width, heads));
        _linear1 = Add("linear1", new Linear(width, inner));
        _linear2 = Add("linear2", new Linear(inner, width));
        _norm1 = Add("norm1", new LayerNorm(width));
        _norm2 = Add("norm2", new LayerNorm(width));
        _norm3 = Add("norm3", new LayerNorm(width));
    }

    public Tensor Forward(Tensor query, Tensor level)
    {
        using var scope = TensorScope.Enter();
        var x = query + _attention.Forward(_norm1.Forward(query), _norm2.Forward(level));
        return scope.Keep(x + _linear2.Forward(Functional.Gelu(_linear1.Forward(_norm3.Forward(x)))));
    }
}

/// <summary>
/// Which places of a level matter: a map 0..1 from three convolutions, times the features. With a reference the map comes from the difference of
/// the two pictures' features, without one from half of a projection of the picture's own.
/// </summary>
internal sealed class TopiqGate : Module
{
    private const int Width = 64;
    private const double Epsilon = 1e-12;

    private readonly Conv2d? _split;
    private readonly Sequential _map;

    public TopiqGate(long channels, bool reference)
    {
        Layer[] layers = [new Conv2d(channels, Width, 1), new Gelu(), Conv2d.Same(Width, Width, 3), new Gelu(), Conv2d.Same(Width, 1, 3)];
        _map = new Sequential(layers);
        if (reference)
        {
            // The published files have the three convolutions under the gate's own name.
            for (int k = 0; k < layers.Length; k += 2)
                Add($"{k}", layers[k]);
            return;
        }

        _split = Add("splitconv", new Conv2d(channels, 2 * channels, 1));
        Add("weight_blk", _map);
    }

    /// <summary>[N, C, H, W] twice to [N, 3C, H, W].</summary>
    public Tensor Forward(Tensor image, Tensor reference)
    {
        using var scope = TensorScope.Enter();
        var difference = ((image - reference).Square() + Epsilon).Sqrt();
        return scope.Keep(Tensor.Cat([image, reference, difference], 1) * _map.Forward(difference).Sigmoid());
    }

    /// <summary>[N, C, H, W] to the same shape.</summary>
    public Tensor Forward(Tensor image)
    {
        using var scope = TensorScope.Enter();
        var both = _split!.Forward(image);
        long channels = image.Size(1);
        return scope.Keep(Functional.Gelu(both.Narrow(1, 0, channels)) * _map.Forward(both.Narrow(1, channels, channels)).Sigmoid());
    }
}

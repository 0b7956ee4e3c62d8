using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

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

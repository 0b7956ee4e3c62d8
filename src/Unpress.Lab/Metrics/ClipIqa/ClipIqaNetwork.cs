using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

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
        _blocks = [.. Enumerable.Range(0, options.TextBlocks).Select(k => Add($"transformer.resblocks.{k}", new ClipTextBlock(options.TextWidth, options.TextHeads)))];
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
        var mask = Tensor.From([.. Enumerable.Range(0, count * count).Select(i => i % count > i / count ? double.NegativeInfinity : 0)], count, count).To(x.DType);
        foreach (var block in _blocks)
            x = block.Forward(x, mask);
        return scope.Keep(Unit(_norm.Forward(x.Narrow(1, count - 1, 1)).Squeeze(1).MatMul(_projection)));
    }

    private static Tensor Unit(Tensor features) => features / features.Square().Sum([1], keep: true).Sqrt();
}

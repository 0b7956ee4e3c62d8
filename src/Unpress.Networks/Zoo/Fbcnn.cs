using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// FBCNN: Jiang, Zhang, Timofte, "Towards Flexible Blind JPEG Artifacts Removal", ICCV 2021. A U-net that predicts the quality factor from
/// its own encoder and steers its decoder by it; a quality factor given by the user takes the prediction's place, so that the strength
/// can be chosen. Names and layout are those of the official fbcnn_color.pth, fbcnn_gray.pth and fbcnn_gray_double.pth: 71.922 million
/// parameters in colour, 71.919 million in gray.
/// </summary>
public sealed class Fbcnn : Network, IQualityPredictor
{
    private const string QualityKey = "qf";

    private readonly Conv2d _head, _tail;
    private readonly Sequential[] _down;
    private readonly Sequential _bodyEncoder, _bodyDecoder;
    private readonly GuidedUpscale[] _up;
    private readonly QualityPredictor _predictor;
    private readonly Sequential _embedding;
    private readonly Sequential[] _scales, _shifts;

    public Fbcnn(FbcnnOptions options)
        : base(new NetworkFacts(options.Channels, GuidedScales.ReceptiveField(options.Blocks, options.Blocks), SizeMultiple: 8, Uses: Knowledge.Quality))
    {
        options.Validate();
        int[] widths = options.Widths;
        int deepest = widths[3], blocks = options.Blocks;
        _head = Add("m_head", Conv2d.Same(options.Channels, widths[0], 3));
        _down = [.. Enumerable.Range(0, 3).Select(n => Add($"m_down{n + 1}", GuidedScales.Down(widths[n], widths[n + 1], blocks)))];
        _bodyEncoder = Add("m_body_encoder", new Sequential(GuidedScales.Blocks(deepest, blocks)));
        _bodyDecoder = Add("m_body_decoder", new Sequential(GuidedScales.Blocks(deepest, blocks)));
        _up = [.. Deepest(n => Add($"m_up{n + 1}", new GuidedUpscale(widths[n + 1], widths[n], blocks)))];
        _tail = Add("m_tail", Conv2d.Same(widths[0], options.Channels, 3));
        _predictor = Add("qf_pred", new QualityPredictor(deepest, blocks));
        _embedding = Add("qf_embed", new Sequential(
            new Linear(1, deepest), new Relu(), new Linear(deepest, deepest), new Relu(), new Linear(deepest, deepest), new Relu()));
        _scales = [.. Deepest(n => Add($"to_gamma_{n + 1}", new Sequential(new Linear(deepest, widths[n]))))];
        _shifts = [.. Deepest(n => Add($"to_beta_{n + 1}", new Sequential(new Linear(deepest, widths[n]))))];
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<FbcnnOptions>(
        "fbcnn", "FBCNN: a U-net steered by the quality factor, predicted or given", "Jiang et al., ICCV 2021", options => new Fbcnn(options)) with
    {
        Licence = "Apache-2.0 (jiaxi-jiang/FBCNN)",
    };

    /// <summary>Predicts the quality factor once for the whole picture; with <see cref="Conditions.Quality"/> given there is nothing to predict.</summary>
    public override Conditions Survey(Tensor whole, Conditions given)
        => given.Quality is not null
            ? given
            : given with { Global = new Dictionary<string, Tensor>(given.Global) { [QualityKey] = Predict(whole) } };

    /// <summary>The quality factor that the network sees in a picture of any size: [N, 1], 1..100.</summary>
    public Tensor PredictQuality(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep((1 - Predict(input)) * 100);
    }

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var features = Encode(input);
        var x = _bodyEncoder.Forward(features[^1]);
        var damage = conditions.Quality is { } quality ? 1 - (quality / 100)
            : conditions.Global.TryGetValue(QualityKey, out var surveyed) ? surveyed
            : _predictor.Forward(x);
        var embedded = _embedding.Forward(damage);
        x = _bodyDecoder.Forward(x);
        for (int k = 0; k < _up.Length; k++)
        {
            using var previous = x;
            using var skip = features[^(k + 1)];
            x = _up[k].Forward(previous + skip, new Guidance(_scales[k].Forward(embedded).Sigmoid(), _shifts[k].Forward(embedded).Tanh()));
        }

        return scope.Keep(_tail.Forward(x + features[0]));
    }

    /// <summary>[N, 1], 1 − QF/100.</summary>
    private Tensor Predict(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_predictor.Forward(_bodyEncoder.Forward(Encode(Padded(input))[^1])));
    }

    /// <summary>The features at full, half, quarter and eighth resolution.</summary>
    private List<Tensor> Encode(Tensor input)
    {
        var features = new List<Tensor> { _head.Forward(input) };
        foreach (var scale in _down)
            features.Add(scale.Forward(features[^1]));
        return features;
    }

    private static IEnumerable<T> Deepest<T>(Func<int, T> make) => new[] { 2, 1, 0 }.Select(make);
}

/// <summary>Options of <see cref="Fbcnn"/>; the defaults are the published colour network.</summary>
public sealed record FbcnnOptions
{
    /// <summary>3: fbcnn_color. 1: fbcnn_gray and fbcnn_gray_double.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at full, half, quarter and eighth resolution.</summary>
    public int[] Widths { get; init; } = [64, 128, 256, 512];

    /// <summary>Residual blocks of each part.</summary>
    public int Blocks { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Widths(Widths, 4);
        Require.Layers(Blocks);
    }
}

/// <summary>
/// FBCNN's qf_pred: residual blocks, the mean over the picture, three fully connected layers, a sigmoid. The pooling, the flattening and
/// the activations have no weights but count in the names.
/// </summary>
internal sealed class QualityPredictor : Layer
{
    private readonly GuidedBlock[] _blocks;
    private readonly Linear[] _dense;

    public QualityPredictor(long channels, int blocks)
    {
        _blocks = [.. Enumerable.Range(0, blocks).Select(k => Add($"{k}", new GuidedBlock(channels)))];
        _dense = [.. Enumerable.Range(0, 3).Select(k => Add($"{blocks + 2 + (2 * k)}", new Linear(channels, k < 2 ? channels : 1)))];
    }

    /// <param name="input">[N, C, h, w], what the encoder found.</param>
    /// <returns>[N, 1], 1 − QF/100.</returns>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var x = _blocks.Aggregate(input, (seen, block) => block.Forward(seen)).Mean([2, 3]);
        x = Functional.Relu(_dense[0].Forward(x));
        x = Functional.Relu(_dense[1].Forward(x));
        return scope.Keep(_dense[2].Forward(x).Sigmoid());
    }
}

using Unpress.Networks.Discriminators;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// One of the two auto-encoders from which <see cref="Dagn"/> takes its encoders: it gives back its input through 8 channels at a sixteenth of
/// the resolution. Trained with <see cref="DagnFeatureDiscriminator"/> against it its features become compression-insensitive, with
/// <see cref="DagnQualityPredictor"/> beside it compression-sensitive (equations 3 to 9 of the paper). It restores nothing by itself.
/// </summary>
public sealed class DagnAutoEncoder : Network, IQualityClassifier
{
    private readonly DagnDecoder _decoder;
    private readonly DagnQualityPredictor? _quality;
    private readonly int _features;

    public DagnAutoEncoder(DagnAutoEncoderOptions options)
        : base(FactsOf(options))
    {
        Encoder = Add("encoder", new DagnEncoder(options.EncoderWidth, options.EncoderBlocks));
        _decoder = Add("decoder", new DagnDecoder(options.DecoderWidth));
        _features = DagnEncoder.FeaturesOf(options.EncoderWidth);
        if (options.PredictsQuality)
            _quality = Add("quality", new DagnQualityPredictor(_features));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<DagnAutoEncoderOptions>(
        "dagn-autoencoder", "the auto-encoder that gives DAGN one of its two encoders", "Ma et al., TIP 2024", options => new DagnAutoEncoder(options));

    public DagnEncoder Encoder { get; }

    /// <summary>Features, [N, 2048, h, w], to the picture, [N, 3, 16h, 16w], 0..1.</summary>
    public Tensor Decode(Tensor features) => _decoder.Forward(Encoder.Compress(features));

    public bool PredictsQuality => _quality is not null;

    /// <summary>[N,C,H,W] of any size to features, [N, F, h, w].</summary>
    public Tensor Encode(Tensor picture) => Encoder.Encode(Padded(picture));

    /// <summary>A fresh discriminator that tells features of raw pictures from those of compressed ones.</summary>
    public Discriminator CreateFeatureJudge() => new DagnFeatureJudge(_features);

    /// <exception cref="InvalidOperationException">It has no predictor.</exception>
    public Tensor ClassifyQuality(Tensor input)
        => (_quality ?? throw new InvalidOperationException("the auto-encoder was made without a predictor of quality")).Forward(Encode(input));

    /// <summary>The mean of the classes.</summary>
    public Tensor PredictQuality(Tensor input)
    {
        using var scope = TensorScope.Enter();
        float[] classes = [.. Enumerable.Range(1, DagnQualityPredictor.Classes).Select(quality => (float)quality)];
        var found = ClassifyQuality(input);
        return scope.Keep(found.MatMul(Tensor.From(classes, classes.Length, 1).To(found.DType).To(found.Device)));
    }

    protected override Tensor Restore(Tensor input, Conditions conditions) => Decode(Encoder.Encode(input));

    // 3×3 convolutions, each one pixel of its level on every side: 7×7 and pooling at full and half, the stages at 4, 8, 16 and 16 pixels
    // (the first of a stage still at the one before); conv5 and six of the decoder at 16, then two at 8, 4 and 2 and the last; one cell of 16.
    private static NetworkFacts FactsOf(DagnAutoEncoderOptions options)
    {
        options.Validate();
        int[] blocks = options.EncoderBlocks;
        int receptiveField = 3 + 2 + (4 * blocks[0]) + 4 + (8 * blocks[1]) + 8 + (16 * (blocks[2] + blocks[3])) + (16 * 8) + 8 + 8 + 4 + 4 + 2 + 2 + 1 + 16;
        return new NetworkFacts(Channels: 3, receptiveField, SizeMultiple: 16);
    }
}

/// <summary><see cref="DagnFeatureDiscriminator"/> as a discriminator of trainings: it takes features for pictures.</summary>
internal sealed class DagnFeatureJudge : Discriminator
{
    private readonly DagnFeatureDiscriminator _judge;

    /// <param name="features">Their channels.</param>
    public DagnFeatureJudge(int features)
        : base(new Options { Channels = features })
        => _judge = Add("judge", new DagnFeatureDiscriminator(features));

    protected override void Check(long height, long width)
    {
    }

    protected override Tensor Judge(Tensor input) => _judge.Logit(input);

    private sealed record Options : DiscriminatorOptions;
}

/// <summary>Options of <see cref="DagnAutoEncoder"/>; the defaults are the published size.</summary>
public sealed record DagnAutoEncoderOptions
{
    /// <summary>Channels after the encoder's first convolution; the features have 32 times as many.</summary>
    public int EncoderWidth { get; init; } = 64;

    /// <summary>Bottlenecks in the four stages of the encoder.</summary>
    public int[] EncoderBlocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of the decoder's widest layer, a multiple of 64.</summary>
    public int DecoderWidth { get; init; } = 1024;

    /// <summary>With <see cref="DagnQualityPredictor"/> on its features, for the compression-sensitive one.</summary>
    public bool PredictsQuality { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Width(EncoderWidth);
        Require.LayerCounts(EncoderBlocks, 4);
        Require.Width(DecoderWidth, least: 64);
        if (DecoderWidth % 64 != 0)
            throw new ArgumentException($"decoderWidth is {DecoderWidth}, must be a multiple of 64");
    }
}

/// <summary>
/// P_qf of DAGN's equations 7 to 9: which quality factor stands behind features, as a distribution over 100 classes. A perceptron
/// 2048-2048-100. Our reading: it sees the mean of the features over the picture, ReLU stands between the layers, and an original picture
/// is of the class of quality factor 100.
/// </summary>
public sealed class DagnQualityPredictor : Layer
{
    /// <summary>Quality factors 1 to 100; class k is k + 1.</summary>
    public const int Classes = 100;

    private readonly Sequential _layers;

    /// <param name="features">Channels of the features.</param>
    public DagnQualityPredictor(long features = 2048)
        => _layers = Add("layers", new Sequential(new Linear(features, features), new Relu(), new Linear(features, Classes)));

    /// <summary>[N, C, h, w] to [N, 100], probabilities.</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Functional.Softmax(_layers.Forward(input.Mean([2, 3])), 1));
    }
}

/// <summary>
/// J of DAGN's equations 3 to 6: how likely features come from an original picture. A perceptron 2048-2048-1 with a sigmoid. Our reading: it
/// sees the mean of the features over the picture, and ReLU stands between the layers.
/// </summary>
public sealed class DagnFeatureDiscriminator : Layer
{
    private readonly Sequential _layers;

    /// <param name="features">Channels of the features.</param>
    public DagnFeatureDiscriminator(long features = 2048)
        => _layers = Add("layers", new Sequential(new Linear(features, features), new Relu(), new Linear(features, 1)));

    /// <summary>[N, C, h, w] to [N, 1]: the logit, whose sigmoid is the probability.</summary>
    public Tensor Logit(Tensor features)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_layers.Forward(features.Mean([2, 3])));
    }

    /// <summary>[N, C, h, w] to [N, 1], a probability.</summary>
    public override Tensor Forward(Tensor input)
    {
        using var logit = Logit(input);
        return logit.Sigmoid();
    }
}

/// <summary>
/// The decoder of the auto-encoders of <see cref="Dagn"/>: "15 layers, 5 convolutions followed by alternating convolutions and transposed
/// convolutions". Our reading is the decoder of Taskonomy (Zamir et al., CVPR 2018), which the authors' encoder comes from; the encoder's
/// conv5 counts as the first of the 15. Batch norm and leaky ReLU 0.2 behind each but the last, which ends in tanh.
/// </summary>
public sealed class DagnDecoder : Layer
{
    private const double Slope = 0.2;

    private readonly Sequential _layers;

    /// <param name="width">Channels of the widest layer: 1024, a multiple of 64.</param>
    public DagnDecoder(int width)
    {
        if (width < 64 || width % 64 != 0)
            throw new ArgumentException($"decoderWidth {width}: a multiple of 64");
        var layers = new List<Layer>();
        long channels = DagnEncoder.Code;
        foreach (int part in new[] { 1, 1, 2, 4, 4, 8 })
            Block(Conv2d.Same(channels, width / part, 3, bias: false), width / part);
        foreach (var (grown, next) in new[] { (16, 16), (32, 32), (64, 32) })
        {
            Block(new ConvTranspose2d(channels, width / grown, 3, stride: 2, padding: 1, outputPadding: 1, bias: false), width / grown);
            Block(Conv2d.Same(channels, width / next, 3, bias: false), width / next);
        }

        Block(new ConvTranspose2d(channels, width / 64, 3, stride: 2, padding: 1, outputPadding: 1, bias: false), width / 64);
        layers.Add(Conv2d.Same(channels, 3, 3));
        _layers = Add("layers", new Sequential([.. layers]));
        foreach (var weight in _layers.Parameters().Where(parameter => parameter.Rank == 4))
            Init.KaimingNormal(weight, Slope);

        void Block(Layer layer, long outChannels)
        {
            layers.AddRange([layer, new BatchNorm2d(outChannels), new LeakyRelu(Slope)]);
            channels = outChannels;
        }
    }

    /// <summary>[N, 8, h, w] to RGB, [N, 3, 16h, 16w], 0..1: the tanh's −1..1, moved.</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep((_layers.Forward(input).Tanh() + 1) / 2);
    }
}

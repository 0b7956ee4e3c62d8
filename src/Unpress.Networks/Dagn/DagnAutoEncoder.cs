using Unpress.Networks.Discriminators;
using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>
/// One of the two auto-encoders from which <see cref="Dagn"/> takes its encoders: it gives back its input through 8 channels at a sixteenth of
/// the resolution. Trained with <see cref="DagnFeatureDiscriminator"/> against it its features become compression-insensitive, with
/// <see cref="DagnQualityPredictor"/> beside it compression-sensitive (equations 3 to 9 of the paper). It restores nothing by itself.
/// </summary>
public sealed class DagnAutoEncoder : Network, IFeatureEncoder, IQualityClassifier
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

    public Tensor Encode(Tensor picture) => Encoder.Encode(Padded(picture));

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
        int reach = 3 + 2 + (4 * blocks[0]) + 4 + (8 * blocks[1]) + 8 + (16 * (blocks[2] + blocks[3])) + (16 * 8) + 8 + 8 + 4 + 4 + 2 + 2 + 1 + 16;
        return new NetworkFacts(Channels: 3, reach, SizeMultiple: 16);
    }
}

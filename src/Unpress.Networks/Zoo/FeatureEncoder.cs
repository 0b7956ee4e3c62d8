using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// Not a restoration network: an auto-encoder whose encoder has VGG-19's layout, trained on our own pictures to give back what it sees and
/// to tell the quality factor (the compression-sensitive encoder of DAGN, TIP 2024, in small). Its features stand in for ImageNet's where
/// torchvision's file cannot be had.
/// </summary>
public sealed class FeatureEncoder : Network, IQualityPredictor
{
    private const string Deepest = "pool5";
    private const string QualityKey = "quality";

    private readonly Sequential _decoder;
    private readonly Sequential _quality;

    public FeatureEncoder(FeatureEncoderOptions options)
        : base(FactsOf(options))
    {
        int width = options.Width, deep = 8 * width;
        Backbone = Add("encoder", new Vgg(new VggOptions { Blocks = options.Blocks, Width = width }));
        _decoder = Add("decoder", new Sequential(
            new ConvTranspose2d(deep, deep, 2, 2), new Relu(),
            new ConvTranspose2d(deep, deep, 2, 2), new Relu(),
            new ConvTranspose2d(deep, 4 * width, 2, 2), new Relu(),
            new ConvTranspose2d(4 * width, 2 * width, 2, 2), new Relu(),
            new ConvTranspose2d(2 * width, width, 2, 2), new Relu(),
            Conv2d.Same(width, 3, 3)));
        _quality = Add("quality", new Sequential(new Linear(deep, deep), new Relu(), new Linear(deep, 1)));
        // ReLU chains this deep lose the signal at the default initialisation.
        foreach (var (_, parameter) in Backbone.NamedParameters().Where(entry => entry.Tensor.Rank == 4))
            Init.KaimingNormal(parameter);
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<FeatureEncoderOptions>(
        "encoder", "an auto-encoder whose features stand in for VGG-19's; restores nothing", "ours, after Ma et al., TIP 2024",
        options => new FeatureEncoder(options));

    /// <summary>The part whose features are compared.</summary>
    public Backbone Backbone { get; }

    /// <summary>The quality of the whole picture, 0..1, under "quality".</summary>
    public override Conditions Survey(Tensor whole, Conditions given)
    {
        using var scope = TensorScope.Enter();
        var quality = scope.Keep(Quality(Encode(Padded(whole))));
        return given with { Global = new Dictionary<string, Tensor>(given.Global) { [QualityKey] = quality } };
    }

    public Tensor PredictQuality(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Quality(Encode(Padded(input))) * 100);
    }

    /// <summary>Its own input again, as well as it went through; what it takes the quality for tells the decoder how much damage to draw.</summary>
    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var features = Encode(input);
        var quality = conditions.Global.TryGetValue(QualityKey, out var surveyed) ? surveyed : Quality(features);
        return scope.Keep(_decoder.Forward(features * (quality.Reshape(-1, 1, 1, 1) + 1)));
    }

    // One pixel of its level a convolution, one for the last, and a cell of 32 for pooling and growing back.
    private static NetworkFacts FactsOf(FeatureEncoderOptions options)
    {
        options.Validate();
        return new NetworkFacts(Channels: 3, ReceptiveField: options.Blocks.Select((count, level) => count << level).Sum() + 1 + 32, SizeMultiple: 32);
    }

    private Tensor Quality(Tensor features) => _quality.Forward(features.Mean([2, 3])).Sigmoid();

    private Tensor Encode(Tensor input) => Backbone.Features(input, Deepest)[Deepest];
}

/// <summary>Options of <see cref="FeatureEncoder"/>.</summary>
public sealed record FeatureEncoderOptions
{
    /// <summary>Convolutions in each of the five blocks; the default is VGG-19's layout, so that layers have its names.</summary>
    public int[] Blocks { get; init; } = [2, 2, 4, 4, 4];

    /// <summary>Channels of the first block; VGG-19 has 64.</summary>
    public int Width { get; init; } = 16;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.LayerCounts(Blocks, 5);
        Require.Width(Width);
    }
}

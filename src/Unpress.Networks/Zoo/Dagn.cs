using System.Text.Json.Serialization;
using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// DAGN: Ma, Zhao, Peng, Tian, "Sensitivity Decouple Learning for Image Compression Artifacts Reduction", TIP 2024. A U-net whose decoder is
/// guided by what two encoders see in the whole picture: one trained to see the same in a picture and its original, one trained to see the
/// difference (<see cref="DagnAutoEncoder"/>). Layout and names are those of the authors' dagn.pth, which loads by name: ie.* are the
/// compression-insensitive, se.* the compression-sensitive encoder.
/// <para>
/// Parameters: 109.914 million as published, and 0.526 million of a projection that the released model holds and does not use.
/// </para>
/// <para>
/// Readings, where paper and program differ or are silent: guiders 2048-512-512 on the mean of the features, sigmoid for what multiplies and
/// tanh for what is added (in the program gamma multiplies and beta is added, in the paper β and ε multiply); the fusion stands between the
/// two bodies; the encoders see the picture at full size, 0..1; without one kind of guidance its blocks are plain residual blocks, where the
/// program also drops their skip.
/// </para>
/// </summary>
public sealed class Dagn : Network
{
    private const string InsensitiveKey = "insensitive", SensitiveKey = "sensitive", KeysKey = "keys", ValuesKey = "values";

    private readonly DagnOptions _options;
    private readonly Conv2d _head, _tail;
    private readonly Sequential[] _down;
    private readonly Sequential _bodyEncoder, _bodyDecoder;
    private readonly GuidedUpscale[] _up;
    private readonly DagnEncoder? _insensitive, _sensitive;
    private readonly DagnGuider? _insensitiveGuider, _sensitiveGuider;
    private readonly DagnFusion? _fusion;

    public Dagn(DagnOptions options)
        : base(FactsOf(options))
    {
        _options = options;
        int[] widths = options.Widths;
        int blocks = options.Blocks;
        double momentum = options.NormMomentum;
        _head = Add("m_head", Conv2d.Same(3, widths[0], 3));
        _down = [.. Enumerable.Range(0, 3).Select(n => Add($"m_down{n + 1}", GuidedScales.Down(widths[n], widths[n + 1], blocks, momentum)))];
        _bodyEncoder = Add("m_body_encoder", new Sequential(GuidedScales.Blocks(widths[3], blocks, momentum)));
        _bodyDecoder = Add("m_body_decoder", new Sequential(GuidedScales.Blocks(widths[3], blocks, momentum)));
        _up = [.. Deepest(n => Add($"m_up{n + 1}", new GuidedUpscale(widths[n + 1], widths[n], 2 * blocks, momentum)))];
        _tail = Add("m_tail", Conv2d.Same(widths[0], 3, 3));
        long features = DagnEncoder.FeaturesOf(options.EncoderWidth);
        _sensitiveGuider = options.SensitiveGuidance ? Guider("qf_embed", 's', features) : null;
        _insensitiveGuider = options.InsensitiveGuidance ? Guider("is_embed", 'i', features) : null;
        if (DagnFusion.Of(options.Fusion, features, widths[3]) is { } fusion)
            _fusion = Add("fusion_block", fusion);
        _sensitive = options.SensitiveGuidance ? Encoder("se") : null;
        _insensitive = options.InsensitiveGuidance || _fusion is not null ? Encoder("ie") : null;
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<DagnOptions>(
        "dagn", "DAGN: a U-net guided by what compression changes and by what it leaves", "Ma et al., TIP 2024", options => new Dagn(options));

    /// <summary>Looks at the whole picture with both encoders: the means of their features, and the keys and values of the fusion.</summary>
    public override Conditions Survey(Tensor whole, Conditions given)
    {
        using var scope = TensorScope.Enter();
        var found = new Dictionary<string, Tensor>(given.Global);
        foreach (var (name, tensor) in Look(Padded(whole)))
            found[name] = scope.Keep(tensor);
        return given with { Global = found };
    }

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var seen = Knows(conditions) ? conditions.Global : Look(input);
        var features = new List<Tensor> { _head.Forward(input) };
        foreach (var scale in _down)
            features.Add(scale.Forward(features[^1]));
        var x = _bodyEncoder.Forward(features[^1]);
        if (_fusion is not null)
            x = _fusion.Forward(x, seen[KeysKey], seen[ValuesKey]);
        x = _bodyDecoder.Forward(x);
        var sensitive = _sensitiveGuider?.Guide(seen[SensitiveKey]);
        var insensitive = _insensitiveGuider?.Guide(seen[InsensitiveKey]);
        for (int k = 0; k < _up.Length; k++)
        {
            using var previous = x;
            using var skip = features[^(k + 1)];
            x = _up[k].Forward(previous + skip, GuidesOf(sensitive?[k], insensitive?[k]));
        }

        return scope.Keep(_tail.Forward(x + features[0]));
    }

    private static NetworkFacts FactsOf(DagnOptions options)
    {
        options.Validate();
        // Two pixels a block: at full, half and quarter resolution once on the way down and twice on the way up, at an eighth in both bodies.
        int blocks = options.Blocks, receptiveField = 2 + (2 * 3 * blocks * (1 + 2 + 4)) + (2 * 2 * blocks * 8) + 8;
        return new NetworkFacts(Channels: 3, receptiveField, SizeMultiple: 16);
    }

    private static IEnumerable<T> Deepest<T>(Func<int, T> make) => new[] { 2, 1, 0 }.Select(make);

    /// <summary>None where nothing guides; where one kind does, the other's blocks get what leaves them plain.</summary>
    private static Guidance[] GuidesOf(Guidance? sensitive, Guidance? insensitive)
        => (sensitive, insensitive) switch
        {
            ({ } first, { } second) => [first, second],
            ({ } first, null) => [first, Plain(first)],
            (null, { } second) => [Plain(second), second],
            _ => [],
        };

    private static Guidance Plain(Guidance like) => new(Tensor.ZerosLike(like.Scale) + 1, Tensor.ZerosLike(like.Shift));

    private DagnGuider Guider(string name, char kind, long features)
    {
        long width = _options.GuiderWidth;
        var embedding = Add(name, new Sequential(new Linear(features, width), new Relu(), new Linear(width, width), new Relu()));
        return new DagnGuider(embedding, [.. Deepest(n => Head("gamma", n))], [.. Deepest(n => Head("beta", n))]);

        Sequential Head(string what, int scale) => Add($"to_{what}_{scale + 1}_{kind}", new Sequential(new Linear(width, _options.Widths[scale])));
    }

    private DagnEncoder Encoder(string name)
    {
        var encoder = Add(name, new DagnEncoder(_options.EncoderWidth, _options.EncoderBlocks));
        encoder.FreezeCode();
        if (_options.FreezeEncoders)
            encoder.Freeze();
        return encoder;
    }

    private bool Knows(Conditions conditions)
        => (_sensitive is null || conditions.Global.ContainsKey(SensitiveKey)) && (_insensitive is null || conditions.Global.ContainsKey(InsensitiveKey));

    private Dictionary<string, Tensor> Look(Tensor picture)
    {
        var found = new Dictionary<string, Tensor>();
        if (_sensitive is not null)
        {
            using var features = Features(_sensitive, picture);
            found[SensitiveKey] = features.Mean([2, 3]);
        }

        if (_insensitive is not null)
        {
            using var features = Features(_insensitive, picture);
            found[InsensitiveKey] = features.Mean([2, 3]);
            if (_fusion is not null)
                (found[KeysKey], found[ValuesKey]) = _fusion.Read(features);
        }

        return found;
    }

    private Tensor Features(DagnEncoder encoder, Tensor picture)
    {
        // Train() reaches the whole network, but what is frozen keeps its statistics.
        if (_options.FreezeEncoders)
            encoder.Eval();
        return encoder.Encode(picture);
    }
}

/// <summary>
/// Makes the scales and shifts of the three guided decoder scales out of one encoder's features: two shared layers, then one for each scale and
/// shift. The layers belong to the network, which gives them the official names.
/// </summary>
/// <param name="scales">One for each decoder scale, the deepest first; likewise the shifts.</param>
internal sealed class DagnGuider(Sequential embedding, Sequential[] scales, Sequential[] shifts)
{
    /// <param name="mean">The mean of the features over the picture, [N, 2048].</param>
    public Guidance[] Guide(Tensor mean)
    {
        var embedded = embedding.Forward(mean);
        return [.. scales.Zip(shifts, (scale, shift) => new Guidance(scale.Forward(embedded).Sigmoid(), shift.Forward(embedded).Tanh()))];
    }
}

/// <summary>How <see cref="Dagn"/> brings the compression-insensitive features into its base features (the paper's CFM).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DagnFusionKind>))]
public enum DagnFusionKind
{
    /// <summary>Not at all: the ablation's row without CFM.</summary>
    None,

    /// <summary>Attention whose result is added: the released model ("nonlocal2").</summary>
    Added,

    /// <summary>Attention whose result is joined with the base features by a 1×1 convolution ("nonlocal", the authors' training file).</summary>
    Joined,

    /// <summary>Equation 10 as it stands in the paper: three 1×1 convolutions, no normalisation, no softmax.</summary>
    Literal,
}

/// <summary>
/// DAGN's cross-feature fusion: every place of the base features asks the compression-insensitive features, which are pooled to squares of
/// 1, 2, 4 and 8 a side, 85 tokens, of the whole picture.
/// </summary>
internal abstract class DagnFusion : Module
{
    private static readonly int[] Sides = [1, 2, 4, 8];

    public static DagnFusion? Of(DagnFusionKind kind, long features, long width) => kind switch
    {
        DagnFusionKind.None => null,
        DagnFusionKind.Literal => new DagnLiteralFusion(features, width),
        _ => new DagnAttentionFusion(features, width, kind == DagnFusionKind.Joined),
    };

    /// <summary>Compression-insensitive features, [N, 2048, h, w], to keys and values, both [N, C, 85].</summary>
    public abstract (Tensor Keys, Tensor Values) Read(Tensor features);

    /// <summary>Base features [N, 512, H, W] to the same shape.</summary>
    public abstract Tensor Forward(Tensor input, Tensor keys, Tensor values);

    /// <summary>[N, C, h, w] to [N, C, 85].</summary>
    protected static Tensor Pool(Tensor map)
    {
        long batch = map.Size(0), channels = map.Size(1);
        return Tensor.Cat([.. Sides.Select(side => Functional.AdaptiveAvgPool2d(map, side, side).Reshape(batch, channels, side * side))], 2);
    }

    /// <summary>For each place of the queries, [N, C, H, W], what is made of its likeness to the keys, [N, places, 85], times the values.</summary>
    protected static Tensor Ask(Tensor queries, Tensor keys, Tensor values, Func<Tensor, Tensor> weigh)
    {
        var shape = queries.Shape;
        var likeness = queries.Reshape(shape[0], shape[1], shape[2] * shape[3]).Transpose(1, 2).MatMul(keys);
        return weigh(likeness).MatMul(values.Transpose(1, 2)).Transpose(1, 2).Reshape(shape[0], values.Size(1), shape[2], shape[3]);
    }
}

/// <summary>
/// Equation 10 as printed: C3(F_bf) × Pool(C1(F_cif)) × Pool(C2(F_cif))ᵀ + F_bf, three 1×1 convolutions to the base features' channels. No
/// released weights have this form; its names are ours.
/// </summary>
internal sealed class DagnLiteralFusion : DagnFusion
{
    private readonly Conv2d _c1, _c2, _c3;

    public DagnLiteralFusion(long features, long width)
    {
        _c1 = Add("c1", new Conv2d(features, width, 1));
        _c2 = Add("c2", new Conv2d(features, width, 1));
        _c3 = Add("c3", new Conv2d(width, width, 1));
    }

    public override (Tensor Keys, Tensor Values) Read(Tensor features) => (Pool(_c1.Forward(features)), Pool(_c2.Forward(features)));

    public override Tensor Forward(Tensor input, Tensor keys, Tensor values)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(input + Ask(_c3.Forward(input), keys, values, likeness => likeness));
    }
}

/// <summary>
/// The encoder of both auto-encoders of <see cref="Dagn"/>: ResNet-50 whose last stage keeps the resolution, so that its features stand at a
/// sixteenth, with a 3×3 convolution to 8 channels (conv5, bn5) behind them for the decoder. It takes RGB 0..1 as it is.
/// Names are torchvision's, as in the authors' is_encoder.pth and se_encoder.pth.
/// </summary>
public sealed class DagnEncoder : ResNet50
{
    /// <summary>Channels that the decoder gets.</summary>
    public const int Code = 8;

    private readonly Conv2d _conv5;
    private readonly BatchNorm2d _bn5;

    /// <param name="width">Channels after the first convolution.</param>
    /// <param name="blocks">Bottlenecks in the four stages.</param>
    public DagnEncoder(int width, int[] blocks)
        : base(new ResNet50Options { Width = width, Blocks = blocks, LastStride = 1, Normalise = false })
    {
        _conv5 = Add("conv5", Conv2d.Same(FeaturesOf(width), Code, 3, bias: false));
        _bn5 = Add("bn5", new BatchNorm2d(Code));
        foreach (var weight in Parameters().Where(parameter => parameter.Rank == 4))
            Init.KaimingNormal(weight);
    }

    /// <summary>Channels of the features.</summary>
    public static int FeaturesOf(int width) => 32 * width;

    /// <summary>[N, 3, H, W], multiples of 16, to the features, [N, 2048, H/16, W/16].</summary>
    public Tensor Encode(Tensor picture) => Features(picture, "layer4")["layer4"];

    /// <summary>Features to what the decoder gets, [N, 8, H/16, W/16].</summary>
    public Tensor Compress(Tensor features)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Functional.Relu(_bn5.Forward(_conv5.Forward(features))));
    }

    /// <summary>No gradients for what only the decoder needs.</summary>
    internal void FreezeCode()
    {
        foreach (var parameter in _conv5.Parameters().Concat(_bn5.Parameters()))
            parameter.RequiresGrad = false;
    }
}

/// <summary>
/// The authors' form of the fusion: softmax attention between half as many channels, through a 1×1 convolution that starts at zero. Their file
/// holds the projection that joins the result with the base features even where the result is added and nothing goes through it; so does
/// this module, then without gradients.
/// </summary>
internal sealed class DagnAttentionFusion : DagnFusion
{
    private const double DropRate = 0.05;

    private readonly Sequential _key, _query;
    private readonly Conv2d _value, _output;
    private readonly Sequential _join;
    private readonly bool _joined;

    public DagnAttentionFusion(long features, long width, bool joined)
    {
        long inner = width / 2;
        _joined = joined;
        const string Stage = "stages.0.";
        _key = Add(Stage + "f_key", new Sequential(new Conv2d(features, inner, 1), new BatchNorm2d(inner), new Relu()));
        _query = Add(Stage + "f_query", new Sequential(new Conv2d(width, inner, 1), new BatchNorm2d(inner), new Relu()));
        _value = Add(Stage + "f_value", new Conv2d(features, inner, 1));
        _output = Add(Stage + "W", new Conv2d(inner, width, 1));
        Init.Constant(_output.Weight, 0);
        Init.Constant(_output.Bias!, 0);
        _join = Add("conv_bn_dropout", new Sequential(new Conv2d(2 * width, width, 1), new BatchNorm2d(width)));
        foreach (var parameter in joined ? [] : _join.Parameters())
            parameter.RequiresGrad = false;
    }

    public override (Tensor Keys, Tensor Values) Read(Tensor features)
        => (Pool(_key.Forward(features)), Pool(_value.Forward(features)));

    public override Tensor Forward(Tensor input, Tensor keys, Tensor values)
    {
        using var scope = TensorScope.Enter();
        double scale = Math.Pow(keys.Size(1), -0.5);
        var context = _output.Forward(Ask(_query.Forward(input), keys, values, likeness => Functional.Softmax(likeness * scale, -1)));
        if (!_joined)
            return scope.Keep(input + context);
        var joined = _join.Forward(Tensor.Cat([context, input], 1));
        return scope.Keep(Training ? Dropped(joined) : joined);
    }

    // Whole feature maps; the others are scaled so that the mean stays. PyTorch's operator would draw from the generator of the whole process.
    private static Tensor Dropped(Tensor features)
        => features * (Tensor.Bernoulli(1 - DropRate, [features.Size(0), features.Size(1), 1, 1], features.DType, features.Device) / (1 - DropRate));
}

/// <summary>Options of <see cref="Dagn"/>; the defaults are the released network.</summary>
public sealed record DagnOptions
{
    /// <summary>Channels at full, half, quarter and eighth resolution.</summary>
    public int[] Widths { get; init; } = [64, 128, 256, 512];

    /// <summary>Residual blocks of each encoder scale; guided blocks of each kind in each decoder scale.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Channels after the encoders' first convolution; their features have 32 times as many.</summary>
    public int EncoderWidth { get; init; } = 64;

    /// <summary>Bottlenecks in the four stages of the encoders.</summary>
    public int[] EncoderBlocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels inside the guiders.</summary>
    public int GuiderWidth { get; init; } = 512;

    /// <summary>The compression-insensitive features guide the decoder (the paper's CIGM).</summary>
    public bool InsensitiveGuidance { get; init; } = true;

    /// <summary>The compression-sensitive features guide the decoder (the paper's CSGM).</summary>
    public bool SensitiveGuidance { get; init; } = true;

    /// <summary>How the compression-insensitive features are fused in (the paper's CFM).</summary>
    public DagnFusionKind Fusion { get; init; } = DagnFusionKind.Added;

    /// <summary>
    /// The encoders keep their weights and their batch statistics, as the paper has it. The authors' program leaves their batch norm in
    /// training mode, so that its statistics go on moving.
    /// </summary>
    public bool FreezeEncoders { get; init; } = true;

    /// <summary>
    /// Share of the newest batch in the running statistics of the U-net's batch norm, above 0, at most 1. The authors' 0.9 keeps little more
    /// than the last batch.
    /// </summary>
    public double NormMomentum { get; init; } = 0.9;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Widths(Widths, 4);
        Require.Width(Widths[3], least: 2, name: "the last of widths"); // its half is the fusion's
        Require.Layers(Blocks);
        Require.Width(EncoderWidth);
        Require.LayerCounts(EncoderBlocks, 4);
        Require.Width(GuiderWidth);
        if (NormMomentum is not (> 0 and <= 1))
            throw new ArgumentException($"normMomentum {NormMomentum}: above 0, at most 1");
        if (!Enum.IsDefined(Fusion))
            throw new ArgumentException($"fusion {Fusion}: one of {string.Join(", ", Enum.GetNames<DagnFusionKind>())}");
    }
}

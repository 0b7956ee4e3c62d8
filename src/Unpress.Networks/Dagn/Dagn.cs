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
        int blocks = options.Blocks, reach = 2 + (2 * 3 * blocks * (1 + 2 + 4)) + (2 * 2 * blocks * 8) + 8;
        return new NetworkFacts(Channels: 3, reach, SizeMultiple: 16);
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

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// MPRNet: Zamir, Arora, Khan, Hayat, Khan, Yang, Shao, "Multi-Stage Progressive Image Restoration", CVPR 2021. Stage 1 encodes the four
/// quarters of the picture and decodes its two halves, stage 2 encodes halves and decodes the whole, stage 3 works on the whole at full
/// size. Names as in the official weights, in which the one slope that all blocks share appears once for each of them.
/// In tiles the result is close to that of the picture in one piece, not equal: attention weighs channels by their mean over the
/// picture, and the quarters are those of the tile. Our reading: sides that are no multiple of 8 are continued by the border here; PowerQE
/// pads features with zeros where two levels differ by a pixel. The papers on compressed pictures measure it in tiles of 128×128.
/// </summary>
public sealed class MprNet : Network
{
    private readonly Sequential[] _shallow;
    private readonly MprEncoder _encoder1, _encoder2;
    private readonly MprDecoder _decoder1, _decoder2;
    private readonly FullSizeStage _stage3;
    private readonly SupervisedAttention _attention12, _attention23;
    private readonly Conv2d _merge12, _merge23, _tail;

    public MprNet(MprNetOptions options)
        : base(new NetworkFacts(options.Channels, ReachOf(options), SizeMultiple: 8) { SeesWhole = true })
    {
        options.Validate();
        var (width, channels) = (options.Width, options.Channels);
        var parts = new MprParts(options, new PRelu());
        _shallow = [.. Enumerable.Range(1, 3).Select(k
            => Add($"shallow_feat{k}", new Sequential(MprParts.Convolution(channels, width, 3), parts.Block(width))))];
        _encoder1 = Add("stage1_encoder", new MprEncoder(parts, fuse: false));
        _decoder1 = Add("stage1_decoder", new MprDecoder(parts));
        _encoder2 = Add("stage2_encoder", new MprEncoder(parts, fuse: true));
        _decoder2 = Add("stage2_decoder", new MprDecoder(parts));
        _stage3 = Add("stage3_orsnet", new FullSizeStage(parts));
        _attention12 = Add("sam12", new SupervisedAttention(width, channels));
        _attention23 = Add("sam23", new SupervisedAttention(width, channels));
        _merge12 = Add("concat12", MprParts.Convolution(2 * width, width, 3));
        _merge23 = Add("concat23", MprParts.Convolution(2 * width, parts.FullSizeWidth, 3));
        _tail = Add("tail", MprParts.Convolution(parts.FullSizeWidth, channels, 3));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<MprNetOptions>(
        "mprnet", "MPRNet: three stages, from quarters of the picture to the whole", "Zamir et al., CVPR 2021", options => new MprNet(options)) with
    {
        Licence = "the authors' weights: academic and non-commercial use; PowerQE's: non-commercial (RyanXingQL License 1.0)",
    };

    /// <summary>The pictures of stages 1, 2 and 3, for a loss on each. [N,C,H,W] of any size.</summary>
    public Tensor[] AllStages(Tensor input)
        => [.. Stages(Padded(input)).Select(picture => picture.Narrow(2, 0, input.Size(2)).Narrow(3, 0, input.Size(3)))];

    protected override Tensor Restore(Tensor input, Conditions conditions) => Stages(input)[^1];

    private Tensor[] Stages(Tensor input)
    {
        var halves = Halves(input, 2);

        // Stage 1: quarters to halves.
        var encoded1 = halves.Select(half => Join(Halves(half, 3).Select(quarter => _encoder1.Forward(_shallow[0].Forward(quarter))), 3)).ToArray();
        var decoded1 = encoded1.Select(_decoder1.Forward).ToArray();
        var passed1 = decoded1.Zip(halves, (decoded, half) => _attention12.Forward(decoded[0], half)).ToArray();

        // Stage 2: halves to the whole.
        var encoded2 = Join(halves.Select((half, k) => _encoder2.Forward(
            _merge12.Forward(Tensor.Cat([_shallow[1].Forward(half), passed1[k].Features], 1)), encoded1[k], decoded1[k])), 2);
        var decoded2 = _decoder2.Forward(encoded2);
        var (features, picture2) = _attention23.Forward(decoded2[0], input);

        // Stage 3: the whole.
        var x = _merge23.Forward(Tensor.Cat([_shallow[2].Forward(input), features], 1));
        var picture3 = input + _tail.Forward(_stage3.Forward(x, encoded2, decoded2));
        return [Tensor.Cat([.. passed1.Select(passed => passed.Picture)], 2), picture2, picture3];
    }

    private static Tensor[] Halves(Tensor x, int dimension)
    {
        long half = x.Size(dimension) / 2;
        return [x.Narrow(dimension, 0, half), x.Narrow(dimension, half, half)];
    }

    /// <summary>Level by level, side by side (3) or one above the other (2).</summary>
    private static Tensor[] Join(IEnumerable<Tensor[]> parts, int dimension)
    {
        var all = parts.ToArray();
        return [.. all[0].Select((_, level) => Tensor.Cat([.. all.Select(part => part[level])], dimension))];
    }

    // Of the convolutions. A block reaches 2 pixels of its level. A U-Net with its shallow features: 3 before, 4 down and 4 up at full size
    // and 2 in the skip; two levels of scale 2 and 4 with the same; one pixel of each level's resizing each way.
    private static int ReachOf(MprNetOptions options)
    {
        const int UNet = 3 + (10 * 1) + (10 * 2) + (8 * 4) + (2 * (1 + 2));
        return (2 * (UNet + 1)) + 3 + 1 + (3 * ((2 * options.Blocks) + 1)) + 1;
    }
}

/// <summary>MPRNet's SAM between two stages: gives a stage's picture, and passes on its features where that picture says so.</summary>
internal sealed class SupervisedAttention : Module
{
    private readonly Conv2d _features, _picture, _mask;

    public SupervisedAttention(int width, int channels)
    {
        _features = Add("conv1", MprParts.Convolution(width, width, 1));
        _picture = Add("conv2", MprParts.Convolution(width, channels, 1));
        _mask = Add("conv3", MprParts.Convolution(channels, width, 1));
    }

    public (Tensor Features, Tensor Picture) Forward(Tensor features, Tensor input)
    {
        var picture = _picture.Forward(features) + input;
        return (features + (_features.Forward(features) * _mask.Forward(picture).Sigmoid()), picture);
    }
}

/// <summary>The parts MPRNet is made of; all blocks share one activation.</summary>
internal sealed class MprParts(MprNetOptions options, PRelu activation)
{
    /// <summary>Channels of the U-Nets at full, half and quarter size.</summary>
    public int[] Widths { get; } = [options.Width, options.Width + options.UNetGrowth, options.Width + (2 * options.UNetGrowth)];

    /// <summary>Channels of stage 3.</summary>
    public int FullSizeWidth { get; } = options.Width + options.FullSizeGrowth;

    public AttentionBlock Block(int width) => new(width, options.Reduction, activation);

    public Sequential TwoBlocks(int width) => new(Block(width), Block(width));

    /// <summary>A group of stage 3.</summary>
    public Sequential Group()
        => new([.. Enumerable.Range(0, options.Blocks).Select(_ => (Layer)Block(FullSizeWidth)), Convolution(FullSizeWidth, FullSizeWidth, 3)]);

    public static Conv2d Convolution(int from, int to, int size) => Conv2d.Same(from, to, size, bias: false);

    public static Sequential Down(int from, int to) => new(new Rescale(0.5), Convolution(from, to, 1));

    public static Sequential Up(int from, int to) => new(new Rescale(2), Convolution(from, to, 1));
}

/// <summary>Bilinear resizing by a factor of 2 or ½.</summary>
internal sealed class Rescale(double factor) : Layer
{
    public override Tensor Forward(Tensor input)
        => Functional.Interpolate(input, (long)(input.Size(2) * factor), (long)(input.Size(3) * factor), Interpolation.Bilinear);
}

/// <summary>MPRNet's CAB: two 3×3 convolutions, each channel scaled by what its mean says, the input added. No biases.</summary>
internal sealed class AttentionBlock : Layer
{
    private readonly Sequential _gate;
    private readonly Sequential _body;

    /// <param name="activation">One for the whole network: its slope is a single shared parameter.</param>
    public AttentionBlock(int width, int reduction, PRelu activation)
    {
        _gate = Add("CA.conv_du", new Sequential(
            Conv2d.Same(width, width / reduction, 1, bias: false), new Relu(), Conv2d.Same(width / reduction, width, 1, bias: false)));
        _body = Add("body", new Sequential(
            Conv2d.Same(width, width, 3, bias: false), activation, Conv2d.Same(width, width, 3, bias: false)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var change = _body.Forward(input);
        var gate = _gate.Forward(change.Mean([2, 3], keep: true)).Sigmoid();
        return scope.Keep(input + (change * gate));
    }
}

/// <summary>Up through three levels; what the encoder found passes one block and is added.</summary>
internal sealed class MprDecoder : Module
{
    private readonly Sequential[] _levels;
    private readonly AttentionBlock[] _skips;
    private readonly Sequential[] _up;

    public MprDecoder(MprParts parts)
    {
        int[] widths = parts.Widths;
        _levels = [.. widths.Select((width, k) => Add($"decoder_level{k + 1}", parts.TwoBlocks(width)))];
        _skips = [Add("skip_attn1", parts.Block(widths[0])), Add("skip_attn2", parts.Block(widths[1]))];
        _up = [Add("up21.up", MprParts.Up(widths[1], widths[0])), Add("up32.up", MprParts.Up(widths[2], widths[1]))];
    }

    /// <param name="encoded">Features at full, half and quarter size.</param>
    /// <returns>The same, decoded.</returns>
    public Tensor[] Forward(Tensor[] encoded)
    {
        var found = new Tensor[3];
        found[2] = _levels[2].Forward(encoded[2]);
        for (int k = 1; k >= 0; k--)
            found[k] = _levels[k].Forward(_skips[k].Forward(encoded[k]) + _up[k].Forward(found[k + 1]));
        return found;
    }
}

/// <summary>Down through three levels; in stage 2 each level takes in what stage 1 had there (cross-stage feature fusion).</summary>
internal sealed class MprEncoder : Module
{
    private readonly Sequential[] _levels;
    private readonly Sequential[] _down;
    private readonly Conv2d[] _fromEncoder = [];
    private readonly Conv2d[] _fromDecoder = [];

    public MprEncoder(MprParts parts, bool fuse)
    {
        int[] widths = parts.Widths;
        _levels = [.. widths.Select((width, k) => Add($"encoder_level{k + 1}", parts.TwoBlocks(width)))];
        _down = [Add("down12.down", MprParts.Down(widths[0], widths[1])), Add("down23.down", MprParts.Down(widths[1], widths[2]))];
        if (!fuse)
            return;
        _fromEncoder = [.. widths.Select((width, k) => Add($"csff_enc{k + 1}", MprParts.Convolution(width, width, 1)))];
        _fromDecoder = [.. widths.Select((width, k) => Add($"csff_dec{k + 1}", MprParts.Convolution(width, width, 1)))];
    }

    /// <returns>Features at full, half and quarter size.</returns>
    public Tensor[] Forward(Tensor input, Tensor[]? encoded = null, Tensor[]? decoded = null)
    {
        var found = new Tensor[_levels.Length];
        for (int k = 0; k < found.Length; k++)
        {
            found[k] = _levels[k].Forward(k == 0 ? input : _down[k - 1].Forward(found[k - 1]));
            if (encoded is not null && decoded is not null)
                found[k] = found[k] + _fromEncoder[k].Forward(encoded[k]) + _fromDecoder[k].Forward(decoded[k]);
        }

        return found;
    }
}

/// <summary>
/// Options of <see cref="MprNet"/>. The defaults are PowerQE's (887,217 parameters). The authors' networks have reduction 4 and 8 blocks in
/// stage 3, with width, U-Net growth and stage-3 growth of 96, 48, 32 (deblurring, 20,127,073 parameters), 80, 48, 32 (denoising,
/// 15,741,025) and 40, 20, 16 (deraining, 3,637,249).
/// </summary>
public sealed record MprNetOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at full size, n_feat.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Channels added at each of the two lower levels of the U-Nets, scale_unetfeats.</summary>
    public int UNetGrowth { get; init; } = 16;

    /// <summary>Channels added in stage 3, scale_orsnetfeats.</summary>
    public int FullSizeGrowth { get; init; } = 16;

    /// <summary>Channel attention blocks in each of stage 3's three groups, num_cab.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>How many times fewer channels the attention has inside.</summary>
    public int Reduction { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Width(UNetGrowth, least: 0);
        Require.Width(FullSizeGrowth, least: 0);
        Require.Layers(Blocks, least: 0);
        Require.Within(Reduction, 1, Width); // the attention keeps a channel
    }
}

/// <summary>MPRNet's ORSNet: three groups of blocks at full size, after each of which stage 2's features of one level are added.</summary>
internal sealed class FullSizeStage : Module
{
    private readonly Sequential[] _groups;
    private readonly Layer?[] _upEncoded, _upDecoded;
    private readonly Conv2d[] _encoded, _decoded;

    public FullSizeStage(MprParts parts)
    {
        var (width, all) = (parts.Widths[0], parts.FullSizeWidth);
        _groups = [.. Enumerable.Range(1, 3).Select(k => Add($"orb{k}.body", parts.Group()))];
        _upEncoded = Ups("up_enc", parts.Widths);
        _upDecoded = Ups("up_dec", parts.Widths);
        _encoded = [.. Enumerable.Range(1, 3).Select(k => Add($"conv_enc{k}", MprParts.Convolution(width, all, 1)))];
        _decoded = [.. Enumerable.Range(1, 3).Select(k => Add($"conv_dec{k}", MprParts.Convolution(width, all, 1)))];
    }

    /// <param name="encoded">Stage 2's encoder at full, half and quarter size.</param>
    /// <param name="decoded">Stage 2's decoder.</param>
    public Tensor Forward(Tensor input, Tensor[] encoded, Tensor[] decoded)
    {
        var x = input;
        for (int k = 0; k < _groups.Length; k++)
        {
            using var scope = TensorScope.Enter();
            x = scope.Keep(x + _groups[k].Forward(x)
                + _encoded[k].Forward(Lift(_upEncoded[k], encoded[k])) + _decoded[k].Forward(Lift(_upDecoded[k], decoded[k])));
        }

        return x;
    }

    private static Tensor Lift(Layer? up, Tensor features) => up is null ? features : up.Forward(features);

    // The quarter-size features are brought up in two steps of their own.
    private Layer?[] Ups(string name, int[] widths)
    {
        var half = Add($"{name}1.up", MprParts.Up(widths[1], widths[0]));
        var quarter = Add($"{name}2.0.up", MprParts.Up(widths[2], widths[1]));
        return [null, half, new Sequential(quarter, Add($"{name}2.1.up", MprParts.Up(widths[1], widths[0])))];
    }
}

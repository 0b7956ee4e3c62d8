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

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// Our plain network, made for CPUs: blind, colour and gray in one. The picture is folded to half resolution without loss
/// (pixel-unshuffle), passes a three-level U-Net of plain residual blocks whose deepest level has one column per 8×8 block, and the
/// correction found is unfolded and added to the input. Only 3×3 convolutions and ReLU: what libraries run fastest everywhere.
/// The last convolution starts at zero, so that an untrained network returns its input.
/// </summary>
public sealed class UnpressNet : Network
{
    private readonly Conv2d _head;
    private readonly Sequential _down1, _down2, _middle, _up2, _up1;
    private readonly Conv2d _shrink1, _shrink2;
    private readonly ConvTranspose2d _grow2, _grow1;
    private readonly Conv2d _tail;

    public UnpressNet(UnpressNetOptions options)
        : base(FactsOf(options))
    {
        long half = options.Width, quarter = 2 * half, eighth = 4 * half;
        long folded = 4L * options.Channels;
        _head = Add("head", Conv2d.Same(folded, half, 3));
        _down1 = Add("down1", Blocks(half, options.Blocks[0]));
        _shrink1 = Add("shrink1", new Conv2d(half, quarter, 2, stride: 2));
        _down2 = Add("down2", Blocks(quarter, options.Blocks[1]));
        _shrink2 = Add("shrink2", new Conv2d(quarter, eighth, 2, stride: 2));
        _middle = Add("middle", Blocks(eighth, options.Blocks[2]));
        _grow2 = Add("grow2", new ConvTranspose2d(eighth, quarter, 2, stride: 2));
        _up2 = Add("up2", Blocks(quarter, options.Blocks[1]));
        _grow1 = Add("grow1", new ConvTranspose2d(quarter, half, 2, stride: 2));
        _up1 = Add("up1", Blocks(half, options.Blocks[0]));
        _tail = Add("tail", Conv2d.Same(half, folded, 3));
        Init.Constant(_tail.Weight, 0);
        Init.Constant(_tail.Bias!, 0);
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<UnpressNetOptions>(
        "unpress", "ours: a half-resolution residual U-Net for CPUs, blind, colour and gray (model plain)", "docs/default-network.md",
        options => new UnpressNet(options));

    // What lies between is let go as soon as it has been used: that halves the memory a tile takes.
    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var start = Start(input);                                 // [N, w, H/2, W/2]
        using var half = Half(start);
        using var sum = half + start;
        using var correction = _tail.Forward(sum);
        using var unfolded = Functional.PixelShuffle(correction, 2);
        return input + unfolded;
    }

    private Tensor Start(Tensor input)
    {
        using var centred = input - 0.5;
        using var folded = Functional.PixelUnshuffle(centred, 2);       // [N, 4C, H/2, W/2]
        return _head.Forward(folded);
    }

    private Tensor Half(Tensor start)
    {
        using var joined = Join(start, _down1, _shrink1, Quarter, _grow1);
        return _up1.Forward(joined);
    }

    private Tensor Quarter(Tensor shrunk)                               // [N, 2w, H/4, W/4]
    {
        using var joined = Join(shrunk, _down2, _shrink2, _middle.Forward, _grow2);
        return _up2.Forward(joined);
    }

    /// <summary>One level of the U: down, the coarser level, up to this one's size, and the sum of both.</summary>
    private static Tensor Join(Tensor input, Layer down, Layer shrink, Func<Tensor, Tensor> coarser, Layer grow)
    {
        using var fine = down.Forward(input);
        using var shrunk = shrink.Forward(fine);
        using var coarse = coarser(shrunk);
        using var grown = grow.Forward(coarse);
        return fine + grown;
    }

    private static Sequential Blocks(long channels, int count)
        => new([.. Enumerable.Range(0, count).Select(_ => new ResidualBlock(channels))]);

    // A 3×3 convolution reaches one pixel of its level: 2, 4 or 8 pixels of the picture. Two a block, blocks on both sides of the U.
    // Folding and the 2×2 convolutions look within one cell of 8, which is the last term.
    private static NetworkFacts FactsOf(UnpressNetOptions options)
    {
        options.Validate();
        int[] blocks = options.Blocks;
        int receptiveField = (2 * (2 + (4 * blocks[0]))) + (4 * 4 * blocks[1]) + (8 * 2 * blocks[2]) + 8;
        return new NetworkFacts(options.Channels, receptiveField, SizeMultiple: 8);
    }
}

/// <summary>Options of <see cref="UnpressNet"/>.</summary>
public sealed record UnpressNetOptions
{
    /// <summary>1 (gray) or 3 (RGB; gray pictures go through as R = G = B).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at half resolution; doubled at a quarter, doubled again at an eighth.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Residual blocks at half and at quarter resolution (on the way down and again on the way up), and at an eighth.</summary>
    public int[] Blocks { get; init; } = [2, 2, 4];

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.LayerCounts(Blocks, 3, least: 0);
    }
}

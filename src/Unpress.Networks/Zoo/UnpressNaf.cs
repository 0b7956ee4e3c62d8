using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Options of <see cref="UnpressNaf"/>.</summary>
public sealed record UnpressNafOptions
{
    /// <summary>1 (gray) or 3 (RGB; gray pictures go through as R = G = B).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at half resolution; doubled at a quarter, doubled again at an eighth.</summary>
    public int Width { get; init; } = 48;

    /// <summary>Blocks at half and at quarter resolution (on the way down and again on the way up), and at an eighth.</summary>
    public int[] Blocks { get; init; } = [2, 2, 6];

    /// <summary>
    /// What the two parts of a block are multiplied with before they are added, when a training begins, 0..1. Small, so that long chains of sums
    /// neither grow nor vanish; 0 makes each new block the identity, for a network that grows from the weights of one with fewer blocks.
    /// </summary>
    public double StartScale { get; init; } = 0.2;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.LayerCounts(Blocks, 3, least: 0);
        Require.Within(StartScale, 0.0, 1.0);
    }
}

/// <summary>
/// The U-Net of <see cref="UnpressNet"/> at half resolution with the blocks of NAFNet (Chen, Chu, Zhang, Sun: "Simple Baselines for Image
/// Restoration", ECCV 2022): gates instead of activations, and most of the work in 1×1 convolutions. Two things differ, so that tiles
/// equal the whole picture and so that it is fast on CPUs: there is no channel attention, and a division by the root mean square over
/// the channels of a pixel takes the place of layer normalisation (Zhang and Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019; without
/// its gain, which the convolution after it holds). The last convolution starts at zero: an untrained network returns its input.
/// </summary>
public sealed class UnpressNaf : Network
{
    private readonly Conv2d _head, _tail;
    private readonly Sequential _down1, _down2, _middle, _up2, _up1;
    private readonly Conv2d _shrink1, _shrink2;
    private readonly ConvTranspose2d _grow2, _grow1;

    public UnpressNaf(UnpressNafOptions options)
        : base(FactsOf(options))
    {
        long half = options.Width, quarter = 2 * half, eighth = 4 * half;
        long folded = 4L * options.Channels;
        _head = Add("head", Conv2d.Same(folded, half, 3));
        _down1 = Add("down1", Blocks(half, options, 0));
        _shrink1 = Add("shrink1", new Conv2d(half, quarter, 2, stride: 2));
        _down2 = Add("down2", Blocks(quarter, options, 1));
        _shrink2 = Add("shrink2", new Conv2d(quarter, eighth, 2, stride: 2));
        _middle = Add("middle", Blocks(eighth, options, 2));
        _grow2 = Add("grow2", new ConvTranspose2d(eighth, quarter, 2, stride: 2));
        _up2 = Add("up2", Blocks(quarter, options, 1));
        _grow1 = Add("grow1", new ConvTranspose2d(quarter, half, 2, stride: 2));
        _up1 = Add("up1", Blocks(half, options, 0));
        _tail = Add("tail", Conv2d.Same(half, folded, 3));
        Init.Constant(_tail.Weight, 0);
        Init.Constant(_tail.Bias!, 0);
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<UnpressNafOptions>(
        "unpress-naf", "ours: the same U-Net with NAFNet's gated blocks (models photo, the default, and lite)", "docs/default-network.md",
        options => new UnpressNaf(options));

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var start = _head.Forward(Functional.PixelUnshuffle(input - 0.5, 2));   // [N, w, H/2, W/2]
        var fine = _down1.Forward(start);
        var half = _up1.Forward(fine + _grow1.Forward(Quarter(_shrink1.Forward(fine))));
        return scope.Keep(input + Functional.PixelShuffle(_tail.Forward(half + start), 2));
    }

    private Tensor Quarter(Tensor shrunk)                                       // [N, 2w, H/4, W/4]
    {
        using var scope = TensorScope.Enter();
        var fine = _down2.Forward(shrunk);
        var eighth = _middle.Forward(_shrink2.Forward(fine));                   // [N, 4w, H/8, W/8]
        return scope.Keep(_up2.Forward(fine + _grow2.Forward(eighth)));
    }

    private static Sequential Blocks(long channels, UnpressNafOptions options, int level)
        => new([.. Enumerable.Range(0, options.Blocks[level]).Select(_ => new GatedBlock(channels, options.StartScale))]);

    // The depthwise 3×3 convolution of a block reaches one pixel of its level: 2, 4 or 8 pixels of the picture; the first and the last
    // convolution reach 2. Folding and the 2×2 convolutions look within one cell of 8, which is the last term.
    private static NetworkFacts FactsOf(UnpressNafOptions options)
    {
        options.Validate();
        int[] blocks = options.Blocks;
        int receptiveField = (2 * (2 + (2 * blocks[0]))) + (4 * 2 * blocks[1]) + (8 * blocks[2]) + 8;
        return new NetworkFacts(options.Channels, receptiveField, SizeMultiple: 8);
    }

    /// <summary>A part that looks around (depthwise 3×3) and a part that mixes channels, each normalised, gated, scaled and added.</summary>
    private sealed class GatedBlock : Layer
    {
        private readonly Conv2d _expand, _around, _project, _mix, _merge;
        private readonly Tensor _scale1, _scale2;

        public GatedBlock(long channels, double startScale)
        {
            _expand = Add("expand", new Conv2d(channels, 2 * channels, 1));
            _around = Add("around", new Conv2d(2 * channels, 2 * channels, 3, padding: 1, groups: 2 * channels));
            _project = Add("project", new Conv2d(channels, channels, 1));
            _mix = Add("mix", new Conv2d(channels, 2 * channels, 1));
            _merge = Add("merge", new Conv2d(channels, channels, 1));
            _scale1 = AddParameter("scale1", Scale(channels, startScale));
            _scale2 = AddParameter("scale2", Scale(channels, startScale));
        }

        public override Tensor Forward(Tensor input)
        {
            using var scope = TensorScope.Enter();
            var middle = input + (_project.Forward(Gate(_around.Forward(_expand.Forward(Normal(input))))) * _scale1);
            return scope.Keep(middle + (_merge.Forward(Gate(_mix.Forward(Normal(middle)))) * _scale2));
        }

        /// <summary>Divided by the root mean square of the pixel's channels.</summary>
        private static Tensor Normal(Tensor input) => input / (input.Square().Mean([1], keep: true) + 1e-6).Sqrt();

        /// <summary>The product of the two halves of the channels.</summary>
        private static Tensor Gate(Tensor input)
        {
            long half = input.Size(1) / 2;
            return input.Narrow(1, 0, half) * input.Narrow(1, half, half);
        }

        private static Tensor Scale(long channels, double start)
        {
            var scale = Tensor.Empty([1, channels, 1, 1]);
            Init.Constant(scale, start);
            return scale;
        }
    }
}

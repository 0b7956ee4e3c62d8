using Unpress.Torch.Nn;

namespace Unpress.Networks;

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

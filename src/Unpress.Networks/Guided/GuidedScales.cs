using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>The plain parts of FBCNN's and DAGN's U-nets.</summary>
public static class GuidedScales
{
    /// <summary>Plain residual blocks, named "0", "1", ….</summary>
    public static Layer[] Blocks(long channels, int count, double? batchNorm = null)
        => [.. Enumerable.Range(0, count).Select(_ => new GuidedBlock(channels, batchNorm))];

    /// <summary>One scale of the encoder: blocks, then a 2×2 convolution of stride 2 to the next width, without activation.</summary>
    public static Sequential Down(long channels, long next, int blocks, double? batchNorm = null)
        => new([.. Blocks(channels, blocks, batchNorm), new Conv2d(channels, next, 2, stride: 2)]);

    /// <summary>
    /// Pixels that reach an output pixel: head and tail, two convolutions a block at every scale on both sides, and one cell of 8 pixels for
    /// the strided convolutions.
    /// </summary>
    /// <param name="down">Blocks of one scale on the way down.</param>
    /// <param name="up">Blocks of one scale on the way up.</param>
    public static int Reach(int down, int up) => 2 + (2 * (down + up) * (1 + 2 + 4 + 8)) + 8;
}

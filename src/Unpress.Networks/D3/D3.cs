using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>
/// D3: Wang, Liu, Chang, Ling, Yang, Huang, "D3: Deep Dual-Domain Based Fast Restoration of JPEG-Compressed Images", CVPR 2016. Gray (luma).
/// Every 8×8 block by itself: its DCT coefficients through a one-step sparse inference, the constant inverse DCT, a second sparse
/// inference in pixels. 66 048 parameters with 256 atoms.
/// <para>
/// No weights or code are published. Our reading: blocks of the JPEG grid, no overlap; no biases; thresholds trained, never below 0;
/// numbers on the scale 0..1 around middle gray. Coefficients are the file's where it is known, else those of the pixels. The paper's box
/// penalty on coefficients outside their intervals belongs to training: the jpeg loss term on the result stands for it. MSE, Adam 1e-3.
/// </para>
/// </summary>
public sealed class D3 : Network
{
    private readonly SparseInference _frequencies, _pixels;

    public D3(D3Options options)
        : base(new NetworkFacts(Channels: 1, Reach: BlockDct.Side, BlockDct.Side, Uses: Knowledge.Jpeg))
    {
        options.Validate();
        const int block = BlockDct.Side * BlockDct.Side;
        _frequencies = Add("dct", new SparseInference(block, options.Atoms, options.Threshold / 255));
        _pixels = Add("pixel", new SparseInference(block, options.Atoms, options.Threshold / 255));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<D3Options>(
        "d3", "D3: sparse coding of each block, in the DCT domain and then in pixels", "Wang et al., CVPR 2016", options => new D3(options));

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var coefficients = conditions.Jpeg is { } jpeg
            ? JpegLuma.Of(jpeg, input.Size(2), input.Size(3)).Coefficients
            : BlockDct.Forward(JpegColour.ToSamples(input));
        var restored = BlockDct.Inverse(InBlocks(_frequencies, coefficients / 255));
        return scope.Keep(JpegColour.ToPixels(InBlocks(_pixels, restored) * 255));
    }

    // [N, 1, H, W] to vectors of a block, [N, H/8, W/8, 64], and back.
    private static Tensor InBlocks(SparseInference stage, Tensor plane)
    {
        var vectors = Functional.PixelUnshuffle(plane, BlockDct.Side).Permute(0, 2, 3, 1);
        return Functional.PixelShuffle(stage.Forward(vectors).Permute(0, 3, 1, 2), BlockDct.Side);
    }
}

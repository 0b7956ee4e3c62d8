using Unpress.Jpeg;
using Unpress.Torch;
using Unpress.Torch.Nn;

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
        : base(new NetworkFacts(Channels: 1, ReceptiveField: BlockDct.Side, BlockDct.Side, Uses: Knowledge.Jpeg))
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
            : BlockDct.Forward(TensorColour.ToSamples(input));
        var restored = BlockDct.Inverse(InBlocks(_frequencies, coefficients / 255));
        return scope.Keep(TensorColour.ToPixels(InBlocks(_pixels, restored) * 255));
    }

    // [N, 1, H, W] to vectors of a block, [N, H/8, W/8, 64], and back.
    private static Tensor InBlocks(SparseInference stage, Tensor plane)
    {
        var vectors = Functional.PixelUnshuffle(plane, BlockDct.Side).Permute(0, 2, 3, 1);
        return Functional.PixelShuffle(stage.Forward(vectors).Permute(0, 3, 1, 2), BlockDct.Side);
    }
}

/// <summary>Options of <see cref="D3"/>.</summary>
public sealed record D3Options
{
    /// <summary>Atoms of each of the two dictionaries: 256 for D3-256, 128 for D3-128.</summary>
    public int Atoms { get; init; } = 256;

    /// <summary>Where the soft thresholds begin, in units of 1/255 of the range; they are trained, one an atom.</summary>
    public double Threshold { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Width(Atoms);
        Require.Within(Threshold, 0, 255);
    }
}

/// <summary>One-step sparse inference (1-SI): to the atoms, soft threshold with a trained level for each, and back. On vectors of 64.</summary>
internal sealed class SparseInference : Layer
{
    private readonly Linear _analysis;
    private readonly Linear _synthesis;
    private readonly Tensor _threshold;

    public SparseInference(int size, int atoms, double threshold)
    {
        _analysis = Add("analysis", new Linear(size, atoms, bias: false));
        _threshold = AddParameter("threshold", Tensor.Ones([atoms]));
        Init.Constant(_threshold, threshold);
        _synthesis = Add("synthesis", new Linear(atoms, size, bias: false));
        // Aᵀ(Ax) is near x for normal numbers of this spread: the untrained network nearly returns its input.
        Init.Normal(_analysis.Weight, 0, 1 / Math.Sqrt(atoms));
        using var noGrad = Autograd.NoGrad();
        using var transposed = _analysis.Weight.Transpose(0, 1);
        _synthesis.Weight.Copy(transposed);
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var code = _analysis.Forward(input);
        var level = Functional.Relu(_threshold);
        return scope.Keep(_synthesis.Forward(Functional.Relu(code - level) - Functional.Relu((-code) - level)));
    }
}

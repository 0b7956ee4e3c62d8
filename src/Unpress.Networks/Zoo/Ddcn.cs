using Unpress.Jpeg;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// DDCN: Guo, Chao, "Building Dual-Domain Representations for Compression Artifacts Reduction", ECCV 2016. Gray (luma). A branch in the DCT
/// domain, whose output is held in the file's quantisation intervals, a branch in pixels, and a part that joins them; 20 layers deep, the
/// correction is added to the input.
/// <para>
/// No weights or code are published, and the text leaves the layers open. Our reading: ten 3×3 convolutions of 64 channels in each of the
/// three parts, ReLU between them; the DCT branch works on the coefficients in the places of their pixels, divided by 255, and gives one
/// plane of corrections in units of the quantiser step, so that it begins inside the intervals; the joining part sees the plane beside the
/// pixel branch's 64 channels. 963 138 parameters. Training: Adam 1e-3, squared error.
/// </para>
/// </summary>
public sealed class Ddcn : Network
{
    private readonly Sequential _frequencies, _pixels, _join;

    public Ddcn(DdcnOptions options)
        : base(new NetworkFacts(Channels: 1, (2 * options.Depth) + BlockDct.Side, BlockDct.Side, Uses: Knowledge.Jpeg, Needs: Knowledge.Jpeg))
    {
        options.Validate();
        int width = options.Width;
        _frequencies = Add("dct", Chain(1, width, 1, options.Depth));
        _pixels = Add("pixel", Chain(1, width, width, options.Depth));
        _join = Add("aggregation", Chain(width + 1, width, 1, options.Depth));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<DdcnOptions>(
        "ddcn", "DDCN: a DCT branch within the file's quantisation intervals beside a pixel branch", "Guo and Chao, ECCV 2016", options => new Ddcn(options));

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var luma = JpegLuma.Of(conditions.Jpeg!, input.Size(2), input.Size(3));
        var corrected = luma.Coefficients + (_frequencies.Forward(luma.Coefficients / 255) * luma.Steps);
        var plane = TensorColour.ToPixels(BlockDct.Inverse(luma.Project(corrected)));
        var joined = _join.Forward(Tensor.Cat([plane, Functional.Relu(_pixels.Forward(input))], 1));
        return scope.Keep(input + joined);
    }

    private static Sequential Chain(int inside, int width, int outside, int depth)
        => new([
            Conv2d.Same(inside, width, 3), new Relu(),
            .. Enumerable.Range(0, depth - 2).SelectMany(_ => new Layer[] { Conv2d.Same(width, width, 3), new Relu() }),
            Conv2d.Same(width, outside, 3),
        ]);
}

/// <summary>Options of <see cref="Ddcn"/>.</summary>
public sealed record DdcnOptions
{
    /// <summary>Convolutions of each branch, and of the part that joins them.</summary>
    public int Depth { get; init; } = 10;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Layers(Depth, least: 2);
        Require.Width(Width);
    }
}

using Unpress.Jpeg;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// DMCNN: Zhang, Yang, Hu, Liu, "DMCNN: Dual-Domain Multi-Scale Convolutional Neural Network for Compression Artifacts Removal", ICIP 2018.
/// Gray (luma). An auto-encoder f on the DCT coefficients C, whose result is held in C ± Q/2 (the DCT rectification unit); a similar one g
/// on the picture c and what the first gave, õ; the result is g(c, õ) + r·õ + (1 − r)·c with a trained r.
/// <para>
/// No weights or code are published. The dilations 2, 4, 8 are known, the widths are not: our reading, 64, 128, 256 with strided convolutions
/// between, gives 4 683 459 parameters, the 4.7 M of DAGN's Table III (but not that table's FLOPs). f works on the coefficients in the places of
/// their pixels, divided by 255, and gives corrections in units of the quantiser step, so that it begins inside the intervals; r begins at
/// ½. With <see cref="DmcnnOptions.Scales"/> the decoder of g answers at a half and a quarter of the size, too, for the paper's loss.
/// </para>
/// </summary>
public sealed class Dmcnn : Network
{
    private readonly DilatedAutoEncoder _frequencies, _pixels;
    private readonly Tensor _share;

    public Dmcnn(DmcnnOptions options)
        : base(FactsOf(options))
    {
        _frequencies = Add("dct", new DilatedAutoEncoder(1, options));
        _pixels = Add("pixel", new DilatedAutoEncoder(2, options, options.Scales));
        _share = AddParameter("r", Tensor.Ones([1]));
        Init.Constant(_share, 0.5);
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<DmcnnOptions>(
        "dmcnn", "DMCNN: dilated auto-encoders in the DCT domain and in pixels", "Zhang et al., ICIP 2018", options => new Dmcnn(options));

    /// <summary>Whether the network was made to answer at lower scales.</summary>
    public bool HasScales => _pixels.HasScales;

    /// <summary>For training: the result, the answers at a half and a quarter of the size, and õ, the first auto-encoder's rectified picture.</summary>
    /// <param name="input">Whole coding units.</param>
    /// <exception cref="InvalidOperationException">It was made without scales.</exception>
    public (Tensor[] Scales, Tensor Rectified) AllScales(Tensor input, Conditions conditions)
    {
        var rectified = Rectified(input, conditions);
        var (correction, half, quarter) = _pixels.AllScales(Tensor.Cat([input, rectified], 1));
        return ([input + correction + (_share * (rectified - input)), half, quarter], rectified);
    }

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var rectified = Rectified(input, conditions);
        var correction = _pixels.Forward(Tensor.Cat([input, rectified], 1));
        return scope.Keep(input + correction + (_share * (rectified - input)));
    }

    private Tensor Rectified(Tensor input, Conditions conditions)
    {
        var luma = JpegLuma.Of(conditions.Jpeg!, input.Size(2), input.Size(3));
        var corrected = luma.Coefficients + (_frequencies.Forward(luma.Coefficients / 255) * luma.Steps);
        return TensorColour.ToPixels(BlockDct.Inverse(luma.Project(corrected)));
    }

    private static NetworkFacts FactsOf(DmcnnOptions options)
    {
        options.Validate();
        int receptiveField = (2 * DilatedAutoEncoder.ReceptiveField(options)) + BlockDct.Side;
        return new NetworkFacts(Channels: 1, receptiveField, BlockDct.Side, Uses: Knowledge.Jpeg, Needs: Knowledge.Jpeg);
    }
}

/// <summary>Options of <see cref="Dmcnn"/>.</summary>
public sealed record DmcnnOptions
{
    /// <summary>Channels at full, half and quarter resolution.</summary>
    public int[] Widths { get; init; } = [64, 128, 256];

    /// <summary>Dilations of the convolutions at quarter resolution, one after the other.</summary>
    public int[] Dilations { get; init; } = [2, 4, 8];

    /// <summary>Answers at a half and a quarter of the size as well, which the loss dmcnn-scales compares; they take no part in the result.</summary>
    public bool Scales { get; init; }

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Widths(Widths, 3);
        Require.Layers(Dilations.Length, least: 0, name: "number of dilations");
        Require.LayerCounts(Dilations, Dilations.Length);
    }
}

/// <summary>
/// One branch of <see cref="Dmcnn"/>: two 3×3 convolutions at full resolution, strided 3×3 convolutions to a half and to a quarter, dilated
/// ones there, 2×2 transposed convolutions back with the encoder's features added, LeakyReLU 0.2 throughout, a 3×3 convolution to one plane.
/// </summary>
internal sealed class DilatedAutoEncoder : Layer
{
    private const double Slope = 0.2;

    private readonly Sequential _full, _half, _quarter;
    private readonly ConvTranspose2d _toHalf, _toFull;
    private readonly Conv2d _tail;
    private readonly Conv2d? _halfTail, _quarterTail;

    public DilatedAutoEncoder(int planes, DmcnnOptions options, bool scales = false)
    {
        int[] w = options.Widths;
        _full = Add("full", new Sequential(Conv2d.Same(planes, w[0], 3), new LeakyRelu(Slope), Conv2d.Same(w[0], w[0], 3), new LeakyRelu(Slope)));
        _half = Add("half", new Sequential(new Conv2d(w[0], w[1], 3, stride: 2, padding: 1), new LeakyRelu(Slope)));
        _quarter = Add("quarter", new Sequential([
            new Conv2d(w[1], w[2], 3, stride: 2, padding: 1), new LeakyRelu(Slope),
            .. options.Dilations.SelectMany(d => new Layer[] { new Conv2d(w[2], w[2], 3, padding: d, dilation: d), new LeakyRelu(Slope) }),
        ]));
        _toHalf = Add("to_half", new ConvTranspose2d(w[2], w[1], 2, stride: 2));
        _toFull = Add("to_full", new ConvTranspose2d(w[1], w[0], 2, stride: 2));
        _tail = Add("out", Conv2d.Same(w[0], 1, 3));
        if (!scales)
            return;
        _halfTail = Add("out_half", Conv2d.Same(w[1], 1, 3));
        _quarterTail = Add("out_quarter", Conv2d.Same(w[2], 1, 3));
    }

    public bool HasScales => _halfTail is not null;

    /// <summary>Pixels that reach an output pixel.</summary>
    public static int ReceptiveField(DmcnnOptions options) => 2 + 1 + 2 + (4 * options.Dilations.Sum()) + 4 + 1;

    /// <param name="input">[N, planes, H, W], multiples of 4.</param>
    /// <returns>[N, 1, H, W].</returns>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_tail.Forward(Decoded(input).Full));
    }

    /// <summary>[N, 1, H, W], and the same at a half and a quarter of the size.</summary>
    /// <exception cref="InvalidOperationException">It was made without scales.</exception>
    public (Tensor Full, Tensor Half, Tensor Quarter) AllScales(Tensor input)
    {
        if (_halfTail is null || _quarterTail is null)
            throw new InvalidOperationException("the network answers at one scale alone: set scales");
        var (full, half, quarter) = Decoded(input);
        return (_tail.Forward(full), _halfTail.Forward(half), _quarterTail.Forward(quarter));
    }

    // Features behind each size's part of the decoder.
    private (Tensor Full, Tensor Half, Tensor Quarter) Decoded(Tensor input)
    {
        var full = _full.Forward(input);
        var half = _half.Forward(full);
        var quarter = _quarter.Forward(half);
        half = Functional.LeakyRelu(_toHalf.Forward(quarter), Slope) + half;
        return (Functional.LeakyRelu(_toFull.Forward(half), Slope) + full, half, quarter);
    }
}

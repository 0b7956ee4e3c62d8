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
/// ½. The paper also trains on the decoder's lower scales; we train on the result alone.
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
        _pixels = Add("pixel", new DilatedAutoEncoder(2, options));
        _share = AddParameter("r", Tensor.Ones([1]));
        Init.Constant(_share, 0.5);
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<DmcnnOptions>(
        "dmcnn", "DMCNN: dilated auto-encoders in the DCT domain and in pixels", "Zhang et al., ICIP 2018", options => new Dmcnn(options));

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var luma = JpegLuma.Of(conditions.Jpeg!, input.Size(2), input.Size(3));
        var corrected = luma.Coefficients + (_frequencies.Forward(luma.Coefficients / 255) * luma.Steps);
        var rectified = JpegColour.ToPixels(BlockDct.Inverse(luma.Project(corrected)));
        var correction = _pixels.Forward(Tensor.Cat([input, rectified], 1));
        return scope.Keep(input + correction + (_share * (rectified - input)));
    }

    private static NetworkFacts FactsOf(DmcnnOptions options)
    {
        options.Validate();
        int reach = (2 * DilatedAutoEncoder.Reach(options)) + BlockDct.Side;
        return new NetworkFacts(Channels: 1, reach, BlockDct.Side, Uses: Knowledge.Jpeg, Needs: Knowledge.Jpeg);
    }
}

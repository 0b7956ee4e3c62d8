using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// CBDNet: Guo, Yan, Zhang, Zuo, Zhang, "Toward Convolutional Blind Denoising of Real Photographs", CVPR 2019, as the papers on compressed
/// pictures use it (PowerQE): five convolutions estimate the damage per pixel and channel, a three-level U-Net sees picture and estimate
/// and finds the correction. Trained end to end, without the paper's losses on the estimate. Names as in PowerQE.
/// Our reading: sides that are no multiple of 4 are continued by the border here; PowerQE drops the odd pixels in pooling, and its features
/// come back shifted by up to one pixel.
/// </summary>
public sealed class CbdNet : Network
{
    private readonly Sequential _estimate;
    private readonly CbdUNet _denoise;

    public CbdNet(CbdNetOptions options)
        : base(new NetworkFacts(options.Channels, ReceptiveField, SizeMultiple: 4))
    {
        options.Validate();
        int width = options.EstimatorWidth;
        _estimate = Add("estimate", new Sequential(
            Conv2d.Same(options.Channels, width, 3), new Relu(),
            Conv2d.Same(width, width, 3), new Relu(),
            Conv2d.Same(width, width, 3), new Relu(),
            Conv2d.Same(width, width, 3), new Relu(),
            Conv2d.Same(width, options.Channels, 3), new Relu()));
        _denoise = Add("denoise", new CbdUNet(2 * options.Channels, options.Channels, options.Width));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<CbdNetOptions>(
        "cbdnet", "CBDNet: estimates the damage, then corrects it", "Guo et al., CVPR 2019", options => new CbdNet(options)) with
    {
        Licence = "PowerQE's weights: non-commercial use (RyanXingQL License 1.0)",
    };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var damage = _estimate.Forward(input);
        return input + _denoise.Forward(Tensor.Cat([input, damage], 1));
    }

    // Estimator 5; full size 1 + 2 + 1; half size (3 + 3) · 2; quarter size 5 · 4; transposed convolutions 1 and 2; pooling within a cell of 4.
    private const int ReceptiveField = 5 + 4 + 12 + 20 + 3 + 3;
}

/// <summary>Options of <see cref="CbdNet"/>; the defaults are PowerQE's (3,944,710 parameters).</summary>
public sealed record CbdNetOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside the estimator of the damage.</summary>
    public int EstimatorWidth { get; init; } = 32;

    /// <summary>Channels of the U-Net at full size; doubled at half, doubled again at quarter size.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(EstimatorWidth);
        Require.Width(Width);
    }
}

/// <summary>CBDNet's U-Net over full, half and quarter size; what comes up is added to what went down.</summary>
internal sealed class CbdUNet : Layer
{
    private readonly Sequential _in, _down1, _down2, _decode1, _decode0;
    private readonly ConvTranspose2d _up1, _up0;
    private readonly Conv2d _out;

    public CbdUNet(int inChannels, int outChannels, int width)
    {
        int half = 2 * width, quarter = 4 * width;
        _in = Add("inc", Chain(inChannels, width, 1));
        _down1 = Add("enc_1", Chain(width, half, 3));
        _down2 = Add("enc_2", Chain(half, quarter, 5));
        _up1 = Add("up_1.up", new ConvTranspose2d(quarter, half, 3, stride: 2, padding: 1));
        _decode1 = Add("dec_1", Chain(half, half, 3));
        _up0 = Add("up_0.up", new ConvTranspose2d(half, width, 3, stride: 2, padding: 1));
        _decode0 = Add("dec_0", Chain(width, width, 2));
        _out = Add("outc", Conv2d.Same(width, outChannels, 3));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var full = _in.Forward(input);
        var half = _down1.Forward(Functional.AvgPool2d(full, 2, 2));
        var quarter = _down2.Forward(Functional.AvgPool2d(half, 2, 2));
        half = _decode1.Forward(half + SizeFit.Centre(_up1.Forward(quarter), half));
        full = _decode0.Forward(full + SizeFit.Centre(_up0.Forward(half), full));
        return scope.Keep(_out.Forward(full));
    }

    private static Sequential Chain(int inChannels, int outChannels, int convolutions)
        => new([.. Enumerable.Range(0, convolutions)
            .SelectMany(k => new Layer[] { Conv2d.Same(k == 0 ? inChannels : outChannels, outChannels, 3), new Relu() })]);
}

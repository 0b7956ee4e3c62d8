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
        : base(new NetworkFacts(options.Channels, Reach, SizeMultiple: 4))
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
    private const int Reach = 5 + 4 + 12 + 20 + 3 + 3;
}

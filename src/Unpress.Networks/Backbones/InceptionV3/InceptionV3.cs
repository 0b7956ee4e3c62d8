using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// Inception-v3: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, in the variant that FID (Heusel et al.,
/// NeurIPS 2017) is defined with, as in pytorch-fid: means of pooling branches leave out the border, and the last block's takes the maximum.
/// The picture is brought to 299×299 (bilinear, no antialiasing; clean-fid's way on request) and to −1..1. Layers by torchvision's names; avgpool
/// [N, 2048, 1, 1] is FID's feature.
/// </summary>
public sealed class InceptionV3 : Backbone
{
    private readonly int _size;
    private readonly bool _clean;
    private readonly List<BackboneStep> _chain = [];

    public InceptionV3(InceptionV3Options options)
    {
        options.Validate();
        (_size, _clean) = (options.Size, options.Clean);
        Step("Conv2d_1a_3x3", new ConvBatchNormRelu(3, 32, 3, stride: 2));
        Step("Conv2d_2a_3x3", new ConvBatchNormRelu(32, 32, 3));
        Step("Conv2d_2b_3x3", new ConvBatchNormRelu(32, 64, 3, padding: 1));
        Step("maxpool1", new MaxPool2d(3, 2));
        Step("Conv2d_3b_1x1", new ConvBatchNormRelu(64, 80, 1));
        Step("Conv2d_4a_3x3", new ConvBatchNormRelu(80, 192, 3));
        Step("maxpool2", new MaxPool2d(3, 2));
        Step("Mixed_5b", InceptionBlock.A(192, 32));
        Step("Mixed_5c", InceptionBlock.A(256, 64));
        Step("Mixed_5d", InceptionBlock.A(288, 64));
        Step("Mixed_6a", InceptionBlock.B(288));
        Step("Mixed_6b", InceptionBlock.C(768, 128));
        Step("Mixed_6c", InceptionBlock.C(768, 160));
        Step("Mixed_6d", InceptionBlock.C(768, 160));
        Step("Mixed_6e", InceptionBlock.C(768, 192));
        Step("Mixed_7a", InceptionBlock.D(768));
        Step("Mixed_7b", InceptionBlock.E(1280, maximum: false));
        Step("Mixed_7c", InceptionBlock.E(2048, maximum: true));
        _chain.Add(new(x => Functional.AdaptiveAvgPool2d(x, 1, 1), "avgpool"));
    }

    public static BackboneEntry Entry { get; } = BackboneEntry.Of<InceptionV3Options>(
        "inception_v3_fid", "Szegedy et al., CVPR 2016; Heusel et al., NeurIPS 2017", "pt_inception-2015-12-05-6726825d.pth", ["fc."],
        options => new InceptionV3(options));

    /// <summary>FID's feature of each picture: [N, 2048].</summary>
    public Tensor FidFeatures(Tensor picture)
    {
        using var mean = Features(picture, "avgpool")["avgpool"];
        return mean.Reshape(mean.Size(0), mean.Size(1));
    }

    protected override Tensor Prepare(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        if (!_clean)
            return scope.Keep((Functional.Interpolate(picture, _size, _size, Interpolation.Bilinear) * 2) - 1);
        // On the scale of bytes, whose middle is 128 there; the overshoot at edges is cut off, nothing is rounded.
        var bytes = Functional.Resample(picture * 255, _size, _size, Interpolation.Bicubic).Clamp(0, 255);
        return scope.Keep((bytes - 128) / 128);
    }

    protected override IEnumerable<BackboneStep> Chain() => _chain;

    private void Step(string name, Layer layer) => _chain.Add(new(Add(name, layer).Forward, name));
}

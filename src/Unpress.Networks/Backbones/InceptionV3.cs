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

/// <summary>Options of <see cref="InceptionV3"/>.</summary>
public sealed record InceptionV3Options
{
    /// <summary>Height and width to which every picture is brought first; FID is defined at 299. At least 75.</summary>
    public int Size { get; init; } = 299;

    /// <summary>
    /// Resize as clean-fid does, bicubic with antialiasing (Parmar, Zhang, Zhu, "On Aliased Resizing and Surprising Subtleties in GAN Evaluation",
    /// CVPR 2022), instead of as pytorch-fid.
    /// </summary>
    public bool Clean { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Within(Size, 75, 10_000);
    }
}

/// <summary>Convolution without bias, batch norm with ε = 0.001, ReLU: the unit of <see cref="InceptionV3"/>.</summary>
internal sealed class ConvBatchNormRelu : Layer
{
    private readonly Layer _conv;
    private readonly BatchNorm2d _norm;

    public ConvBatchNormRelu(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0)
        : this(new Conv2d(inChannels, outChannels, kernelSize, stride, padding, bias: false), outChannels)
    {
    }

    private ConvBatchNormRelu(Layer conv, long channels)
    {
        _conv = Add("conv", conv);
        _norm = Add("bn", new BatchNorm2d(channels, epsilon: 0.001));
    }

    /// <summary>A kernel of another height than width that keeps the size.</summary>
    public static ConvBatchNormRelu Oblong(long inChannels, long outChannels, long kernelHeight, long kernelWidth)
        => new(new OblongConv2d(inChannels, outChannels, kernelHeight, kernelWidth), outChannels);

    public override Tensor Forward(Tensor input)
    {
        using var convolved = _conv.Forward(input);
        using var normed = _norm.Forward(convolved);
        return Functional.Relu(normed);
    }
}

/// <summary>
/// A block of <see cref="InceptionV3"/>: branches on the same input, their results one behind the other. A branch is a chain of convolutions
/// and poolings; its last link may be a fork of two convolutions side by side. The five kinds below are the paper's figures 5, 6, 7 and 10.
/// </summary>
internal sealed class InceptionBlock : Layer
{
    private readonly List<List<Func<Tensor, Tensor>>> _branches = [];

    private InceptionBlock()
    {
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Tensor.Cat([.. _branches.Select(branch => branch.Aggregate(input, (x, link) => link(x)))], 1));
    }

    /// <summary>35×35, with 5×5 convolutions.</summary>
    public static InceptionBlock A(long channels, long pooled) => new InceptionBlock()
        .Branch().Conv("branch1x1", channels, 64, 1)
        .Branch().Conv("branch5x5_1", channels, 48, 1).Conv("branch5x5_2", 48, 64, 5)
        .Branch().Conv("branch3x3dbl_1", channels, 64, 1).Conv("branch3x3dbl_2", 64, 96, 3).Conv("branch3x3dbl_3", 96, 96, 3)
        .Branch().Mean().Conv("branch_pool", channels, pooled, 1);

    /// <summary>35×35 to 17×17.</summary>
    public static InceptionBlock B(long channels) => new InceptionBlock()
        .Branch().Halve("branch3x3", channels, 384)
        .Branch().Conv("branch3x3dbl_1", channels, 64, 1).Conv("branch3x3dbl_2", 64, 96, 3).Halve("branch3x3dbl_3", 96, 96)
        .Branch().Link(x => Functional.MaxPool2d(x, 3, 2));

    /// <summary>17×17, with 7×7 convolutions in two halves.</summary>
    public static InceptionBlock C(long channels, long middle) => new InceptionBlock()
        .Branch().Conv("branch1x1", channels, 192, 1)
        .Branch().Conv("branch7x7_1", channels, middle, 1).Flat("branch7x7_2", middle, middle, 7).Tall("branch7x7_3", middle, 192, 7)
        .Branch().Conv("branch7x7dbl_1", channels, middle, 1).Tall("branch7x7dbl_2", middle, middle, 7).Flat("branch7x7dbl_3", middle, middle, 7)
            .Tall("branch7x7dbl_4", middle, middle, 7).Flat("branch7x7dbl_5", middle, 192, 7)
        .Branch().Mean().Conv("branch_pool", channels, 192, 1);

    /// <summary>17×17 to 8×8.</summary>
    public static InceptionBlock D(long channels) => new InceptionBlock()
        .Branch().Conv("branch3x3_1", channels, 192, 1).Halve("branch3x3_2", 192, 320)
        .Branch().Conv("branch7x7x3_1", channels, 192, 1).Flat("branch7x7x3_2", 192, 192, 7).Tall("branch7x7x3_3", 192, 192, 7)
            .Halve("branch7x7x3_4", 192, 192)
        .Branch().Link(x => Functional.MaxPool2d(x, 3, 2));

    /// <summary>8×8, with forks; the second of them takes the maximum where the others take the mean.</summary>
    public static InceptionBlock E(long channels, bool maximum) => new InceptionBlock()
        .Branch().Conv("branch1x1", channels, 320, 1)
        .Branch().Conv("branch3x3_1", channels, 384, 1).Fork("branch3x3_2", 384)
        .Branch().Conv("branch3x3dbl_1", channels, 448, 1).Conv("branch3x3dbl_2", 448, 384, 3).Fork("branch3x3dbl_3", 384)
        .Branch().Pool(maximum).Conv("branch_pool", channels, 192, 1);

    private InceptionBlock Branch()
    {
        _branches.Add([]);
        return this;
    }

    private InceptionBlock Link(Func<Tensor, Tensor> link)
    {
        _branches[^1].Add(link);
        return this;
    }

    private InceptionBlock Conv(string name, long inChannels, long outChannels, long kernel)
        => Link(Add(name, new ConvBatchNormRelu(inChannels, outChannels, kernel, padding: kernel / 2)).Forward);

    private InceptionBlock Halve(string name, long inChannels, long outChannels)
        => Link(Add(name, new ConvBatchNormRelu(inChannels, outChannels, 3, stride: 2)).Forward);

    private InceptionBlock Flat(string name, long inChannels, long outChannels, long kernel)
        => Link(Add(name, ConvBatchNormRelu.Oblong(inChannels, outChannels, 1, kernel)).Forward);

    private InceptionBlock Tall(string name, long inChannels, long outChannels, long kernel)
        => Link(Add(name, ConvBatchNormRelu.Oblong(inChannels, outChannels, kernel, 1)).Forward);

    private InceptionBlock Fork(string name, long channels)
    {
        var flat = Add(name + "a", ConvBatchNormRelu.Oblong(channels, channels, 1, 3));
        var tall = Add(name + "b", ConvBatchNormRelu.Oblong(channels, channels, 3, 1));
        return Link(x => Tensor.Cat([flat.Forward(x), tall.Forward(x)], 1));
    }

    // As in the TensorFlow network whose weights FID uses: zeros beyond the border do not count in the mean.
    private InceptionBlock Mean() => Link(x => Functional.AvgPool2d(x, 3, 1, 1, countPadding: false));

    private InceptionBlock Pool(bool maximum) => maximum ? Link(x => Functional.MaxPool2d(x, 3, 1, 1)) : Mean();
}

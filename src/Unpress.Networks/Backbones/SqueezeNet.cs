using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// SqueezeNet 1.1: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50× fewer parameters", 2016, in its cheaper second version, as
/// torchvision has it, without the classifier. Layers: conv1, relu1, pool1, fire1 … fire8, pool2, pool3, and torchvision's features.{k}.
/// </summary>
public sealed class SqueezeNet : SequentialBackbone
{
    public SqueezeNet()
        : base([
            ("conv1", new Conv2d(3, 64, 3, stride: 2)), ("relu1", new Relu()), ("pool1", new MaxPool2d(3, 2, ceiling: true)),
            ("fire1", new Fire(64, 16, 64)), ("fire2", new Fire(128, 16, 64)), ("pool2", new MaxPool2d(3, 2, ceiling: true)),
            ("fire3", new Fire(128, 32, 128)), ("fire4", new Fire(256, 32, 128)), ("pool3", new MaxPool2d(3, 2, ceiling: true)),
            ("fire5", new Fire(256, 48, 192)), ("fire6", new Fire(384, 48, 192)),
            ("fire7", new Fire(384, 64, 256)), ("fire8", new Fire(512, 64, 256)),
        ])
    {
    }

    public static BackboneEntry Entry { get; } = BackboneEntry.Of<SqueezeNetOptions>(
        "squeezenet1_1", "Iandola et al., arXiv:1602.07360", "squeezenet1_1-b8a52dc0.pth", ["classifier."], _ => new SqueezeNet());
}

/// <summary>Options of <see cref="SqueezeNet"/>: it has none.</summary>
public sealed record SqueezeNetOptions;

/// <summary>The block of <see cref="SqueezeNet"/>: 1×1 to few channels, then 1×1 and 3×3 side by side, ReLU after each.</summary>
internal sealed class Fire : Layer
{
    private readonly Conv2d _squeeze, _narrow, _wide;

    public Fire(long inChannels, long squeezed, long expanded)
    {
        _squeeze = Add("squeeze", new Conv2d(inChannels, squeezed, 1));
        _narrow = Add("expand1x1", new Conv2d(squeezed, expanded, 1));
        _wide = Add("expand3x3", Conv2d.Same(squeezed, expanded, 3));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var few = Functional.Relu(_squeeze.Forward(input));
        return scope.Keep(Tensor.Cat([Functional.Relu(_narrow.Forward(few)), Functional.Relu(_wide.Forward(few))], 1));
    }
}

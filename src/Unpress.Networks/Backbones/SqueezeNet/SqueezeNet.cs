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

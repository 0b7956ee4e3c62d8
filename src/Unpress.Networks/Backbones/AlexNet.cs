using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// AlexNet in the one-tower form of Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014, as torchvision has
/// it: the five convolutions. Layers: conv1, relu1, pool1, …, and torchvision's features.{k}. Pictures of at least 63×63 reach the end.
/// </summary>
public sealed class AlexNet : SequentialBackbone
{
    public AlexNet()
        : base([
            ("conv1", new Conv2d(3, 64, 11, stride: 4, padding: 2)), ("relu1", new Relu()), ("pool1", new MaxPool2d(3, 2)),
            ("conv2", Conv2d.Same(64, 192, 5)), ("relu2", new Relu()), ("pool2", new MaxPool2d(3, 2)),
            ("conv3", Conv2d.Same(192, 384, 3)), ("relu3", new Relu()),
            ("conv4", Conv2d.Same(384, 256, 3)), ("relu4", new Relu()),
            ("conv5", Conv2d.Same(256, 256, 3)), ("relu5", new Relu()), ("pool5", new MaxPool2d(3, 2)),
        ])
    {
    }

    public static BackboneEntry Entry { get; } = BackboneEntry.Of<AlexNetOptions>(
        "alexnet", "Krizhevsky, arXiv:1404.5997", "alexnet-owt-7be5be79.pth", ["classifier."], _ => new AlexNet());
}

/// <summary>Options of <see cref="AlexNet"/>: it has none.</summary>
public sealed record AlexNetOptions;

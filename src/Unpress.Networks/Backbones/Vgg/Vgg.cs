using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// VGG: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR 2015, the convolutions. Five blocks
/// of 3×3 convolutions with ReLU, each closed by a 2×2 max-pool. Layers: conv{b}_{i}, relu{b}_{i}, pool{b}, and torchvision's features.{k}.
/// Pictures of at least 16×16 reach block 5, 32×32 its pool.
/// </summary>
public sealed class Vgg : SequentialBackbone
{
    public Vgg(VggOptions options)
        : base(Layout(options))
    {
    }

    public static BackboneEntry Vgg16Entry { get; } = BackboneEntry.Of<Vgg16Options>(
        "vgg16", "Simonyan and Zisserman, ICLR 2015", "vgg16-397923af.pth", ["classifier."], options => new Vgg(options));

    public static BackboneEntry Vgg19Entry { get; } = BackboneEntry.Of<VggOptions>(
        "vgg19", "Simonyan and Zisserman, ICLR 2015", "vgg19-dcbb9e9d.pth", ["classifier."], options => new Vgg(options));

    private static IEnumerable<(string Name, Layer Layer)> Layout(VggOptions options)
    {
        options.Validate();
        long channels = 3;
        for (int b = 0; b < 5; b++)
        {
            long width = (long)options.Width << Math.Min(b, 3);
            for (int i = 1; i <= options.Blocks[b]; i++, channels = width)
            {
                yield return ($"conv{b + 1}_{i}", Conv2d.Same(channels, width, 3));
                yield return ($"relu{b + 1}_{i}", new Relu());
            }

            yield return ($"pool{b + 1}", options.L2Pooling ? new L2Pool2d() : new MaxPool2d(2, 2));
        }
    }
}

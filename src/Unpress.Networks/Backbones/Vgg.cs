using Unpress.Torch;
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

/// <summary>Options of <see cref="Vgg"/> with the defaults of VGG-16.</summary>
public sealed record Vgg16Options : VggOptions
{
    public Vgg16Options() => Blocks = [2, 2, 3, 3, 3];
}

/// <summary>Options of <see cref="Vgg"/>.</summary>
public record VggOptions
{
    /// <summary>Convolutions in each of the five blocks: 2, 2, 3, 3, 3 is VGG-16, 2, 2, 4, 4, 4 is VGG-19.</summary>
    public int[] Blocks { get; init; } = [2, 2, 4, 4, 4];

    /// <summary>Channels of the first block; the others have 2, 4, 8 and 8 times as many.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Pool by root mean square under a soft window (DISTS) instead of by the maximum.</summary>
    public bool L2Pooling { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.LayerCounts(Blocks, 5);
        Require.Width(Width);
    }
}

/// <summary>
/// Pooling without aliasing: the square root of the squares' mean under a 3×3 window [1 2 1; 2 4 2; 1 2 1]/16, every second pixel, zeros beyond
/// the border. Hénaff and Simoncelli, ICLR 2016, as DISTS has it.
/// </summary>
internal sealed class L2Pool2d : Layer
{
    private const double Epsilon = 1e-12;

    private static readonly double[] Window = [1 / 16.0, 2 / 16.0, 1 / 16.0, 2 / 16.0, 4 / 16.0, 2 / 16.0, 1 / 16.0, 2 / 16.0, 1 / 16.0];

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        long channels = input.Size(1);
        var one = Tensor.From(Window, 1, 1, 3, 3).To(input.DType).To(input.Device);
        var kernel = Tensor.Cat([.. Enumerable.Repeat(one, (int)channels)], 0);
        return scope.Keep((Functional.Conv2d(input.Square(), kernel, null, stride: 2, padding: 1, groups: channels) + Epsilon).Sqrt());
    }
}

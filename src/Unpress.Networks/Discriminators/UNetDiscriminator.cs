using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Discriminators;

/// <summary>
/// The discriminator of Real-ESRGAN (Wang et al., "Real-ESRGAN: Training Real-World Blind Super-Resolution with Pure Synthetic Data", ICCVW
/// 2021), names as in BasicSR: a U-Net with spectral normalisation that judges every pixel: logits [N,1,H,W]. 4,376,897 parameters.
/// The published one takes multiples of 8; ours enlarges to the size of the skip, which is the same there and takes any size from 8.
/// </summary>
public sealed class UNetDiscriminator : Discriminator
{
    private const double Slope = 0.2;

    private readonly Conv2d _first, _last;
    private readonly SpectralConv2d[] _down, _up, _head;

    public UNetDiscriminator(UNetDiscriminatorOptions options)
        : base(options)
    {
        options.Validate();
        long width = options.Width;
        _first = Add("conv0", Conv2d.Same(InputChannels, width, 3));
        _down = [Halve(1, width), Halve(2, 2 * width), Halve(3, 4 * width)];
        _up = [Same(4, 8 * width, 4 * width), Same(5, 4 * width, 2 * width), Same(6, 2 * width, width)];
        _head = [Same(7, width, width), Same(8, width, width)];
        _last = Add("conv9", Conv2d.Same(width, 1, 3));
    }

    public static DiscriminatorEntry Entry { get; } = DiscriminatorEntry.Of<UNetDiscriminatorOptions>(
        "unet", "Real-ESRGAN's: a U-Net with spectral normalisation, one verdict a pixel", "Wang et al., ICCVW 2021",
        options => new UNetDiscriminator(options));

    protected override void Check(long height, long width)
    {
        if (height < 8 || width < 8)
            throw new ArgumentException($"this discriminator takes pictures of at least 8×8, got {width}×{height}");
    }

    protected override Tensor Judge(Tensor input)
    {
        var features = Functional.LeakyRelu(_first.Forward(input), Slope);
        var skips = new Stack<Tensor>();
        foreach (var conv in _down)
        {
            skips.Push(features);
            features = Functional.LeakyRelu(conv.Forward(features), Slope);
        }

        foreach (var conv in _up)
        {
            var skip = skips.Pop();
            var large = Functional.Interpolate(features, skip.Size(2), skip.Size(3), Interpolation.Bilinear);
            features = Functional.LeakyRelu(conv.Forward(large), Slope) + skip;
        }

        foreach (var conv in _head)
            features = Functional.LeakyRelu(conv.Forward(features), Slope);
        return _last.Forward(features);
    }

    private SpectralConv2d Halve(int number, long width)
        => Add($"conv{number}", new SpectralConv2d(width, 2 * width, 4, stride: 2, padding: 1, bias: false));

    private SpectralConv2d Same(int number, long inChannels, long outChannels)
        => Add($"conv{number}", new SpectralConv2d(inChannels, outChannels, 3, padding: 1, bias: false));
}

/// <summary>Options of <see cref="UNetDiscriminator"/>; the defaults are Real-ESRGAN's network.</summary>
public sealed record UNetDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>Channels at full size, doubled three times on the way down.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public override void Validate()
    {
        base.Validate();
        Require.Width(Width);
    }
}

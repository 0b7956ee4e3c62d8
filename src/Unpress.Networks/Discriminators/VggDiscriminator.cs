using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Discriminators;

/// <summary>
/// The discriminator of SRGAN (Ledig et al., CVPR 2017) and ESRGAN (Wang et al., ECCVW 2018) in the form of BasicSR and mmedit, with their
/// names: five pairs of a 3×3 and a halving 4×4 convolution, batch norm everywhere but first, LeakyReLU 0.2, two linear layers. Pictures of
/// exactly 128×128; logits [N,1]. 14,499,401 parameters, 1,061,417 with PowerQE's width of 16.
/// </summary>
public sealed class VggDiscriminator : Discriminator
{
    private const int Size = 128;
    private const int Stages = 5;
    private const double Slope = 0.2;

    private readonly List<(Conv2d Conv, BatchNorm2d? Norm)> _layers = [];
    private readonly Linear _linear1, _linear2;

    public VggDiscriminator(VggDiscriminatorOptions options)
        : base(options)
    {
        options.Validate();
        long channels = InputChannels;
        for (int k = 0; k < Stages; k++)
        {
            long width = (long)options.Width << Math.Min(k, 3);
            var conv = Add($"conv{k}_0", new Conv2d(channels, width, 3, padding: 1, bias: k == 0));
            _layers.Add((conv, k == 0 ? null : Add($"bn{k}_0", new BatchNorm2d(width))));
            var halving = Add($"conv{k}_1", new Conv2d(width, width, 4, stride: 2, padding: 1, bias: false));
            _layers.Add((halving, Add($"bn{k}_1", new BatchNorm2d(width))));
            channels = width;
        }

        const int last = Size >> Stages;
        _linear1 = Add("linear1", new Linear(channels * last * last, 100));
        _linear2 = Add("linear2", new Linear(100, 1));
    }

    public static DiscriminatorEntry Entry { get; } = DiscriminatorEntry.Of<VggDiscriminatorOptions>(
        "vgg128", "SRGAN's and ESRGAN's: a VGG-like chain for patches of 128×128, one verdict a picture", "Ledig et al., CVPR 2017",
        options => new VggDiscriminator(options));

    protected override void Check(long height, long width)
    {
        if (height != Size || width != Size)
            throw new ArgumentException($"this discriminator takes pictures of {Size}×{Size}, got {width}×{height}");
    }

    protected override Tensor Judge(Tensor input)
    {
        var features = input;
        foreach (var (conv, norm) in _layers)
        {
            var convolved = conv.Forward(features);
            features = Functional.LeakyRelu(norm?.Forward(convolved) ?? convolved, Slope);
        }

        return _linear2.Forward(Functional.LeakyRelu(_linear1.Forward(features.Reshape(features.Size(0), -1)), Slope));
    }
}

/// <summary>Options of <see cref="VggDiscriminator"/>; the defaults are BasicSR's and mmedit's network.</summary>
public sealed record VggDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>Channels at full size, doubled three times on the way down. PowerQE takes 16.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public override void Validate()
    {
        base.Validate();
        Require.Width(Width);
    }
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Discriminators;

/// <summary>
/// The discriminator of the one-to-many network (Guo and Chao, "One-to-Many Network for Visually Pleasing Compression Artifacts Reduction",
/// CVPR 2017, table 1): DCGAN's with twice the depth. Four units of a convolution and a halving one; batch norm and LeakyReLU after every
/// convolution but the last; logistic regression on the 512 channels. Logits [N,1]; He's uniform start. Names are our own: there is no code.
/// Our reading: kernels of 3×3 (the number is lost in print), LeakyReLU 0.2 as in DCGAN, pictures brought from 0..1 to its -1..1 (around 0 it
/// learns in half the steps), and one logistic regression shared by all places of the 512-channel map, whose logits are averaged, so that every
/// patch from 16×16 fits. 4,687,297 parameters in colour, 4.68 million of them in convolutions.
/// </summary>
public sealed class DcganDiscriminator : Discriminator
{
    private const int Units = 4;
    private const double Slope = 0.2;

    private readonly Sequential _features;
    private readonly Linear _classifier;

    public DcganDiscriminator(DcganDiscriminatorOptions options)
        : base(options)
    {
        options.Validate();
        var layers = new List<Layer>();
        long channels = InputChannels;
        for (int k = 0; k < Units; k++)
        {
            long width = (long)options.Width << k;
            Append(layers, channels, width, options, stride: 1, last: false);
            Append(layers, width, width, options, stride: 2, last: k == Units - 1);
            channels = width;
        }

        _features = Add("features", new Sequential([.. layers]));
        _classifier = Add("classifier", new Linear(channels, 1));
        foreach (var (_, tensor) in NamedParameters().Where(entry => entry.Tensor.Rank > 1))
            Init.KaimingUniform(tensor);
    }

    public static DiscriminatorEntry Entry { get; } = DiscriminatorEntry.Of<DcganDiscriminatorOptions>(
        "dcgan2", "the one-to-many paper's: DCGAN's with twice the depth, one verdict a picture", "Guo and Chao, CVPR 2017",
        options => new DcganDiscriminator(options));

    protected override void Check(long height, long width)
    {
        const int least = 1 << Units;
        if (height < least || width < least)
            throw new ArgumentException($"this discriminator takes pictures of at least {least}×{least}, got {width}×{height}");
    }

    protected override Tensor Judge(Tensor input) => _classifier.Forward(_features.Forward((input * 2) - 1).Mean([2, 3]));

    // What batch norm follows needs no bias.
    private static void Append(List<Layer> layers, long inChannels, long outChannels, DcganDiscriminatorOptions options, long stride, bool last)
    {
        layers.Add(new Conv2d(inChannels, outChannels, options.Kernel, stride, options.Kernel / 2, bias: last || !options.BatchNorm));
        if (last)
            return;
        if (options.BatchNorm)
            layers.Add(new BatchNorm2d(outChannels));
        layers.Add(new LeakyRelu(Slope));
    }
}

/// <summary>Options of <see cref="DcganDiscriminator"/>; the defaults are the one-to-many paper's network.</summary>
public sealed record DcganDiscriminatorOptions : DiscriminatorOptions
{
    private const int MostKernel = 31;

    /// <summary>Channels of the first unit, doubled by each of the three others.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Height and width of the kernels, odd.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Off for trainings of a few thousand steps: by then the running statistics fit neither raw nor enhanced pictures alone.</summary>
    public bool BatchNorm { get; init; } = true;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public override void Validate()
    {
        base.Validate();
        Require.Width(Width);
        Require.Within(Kernel, 1, MostKernel);
        if (Kernel % 2 == 0)
            throw new ArgumentException($"kernel is {Kernel}, which is even");
    }
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// MSRResNet, the generator of SRGAN (Ledig et al., "Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network",
/// CVPR 2017) without batch norm, as BasicSR and mmedit train it, at scale 1. Names as in BasicSR; mmedit's trunk_net is taken too.
/// Our reading: neither library has a scale 1. We leave the upsampling out, so that the skip adds the picture itself: 1,222,147 parameters.
/// A released ×4 trunk is therefore not this network; its upconv1 and upconv2 have no place here and import says so.
/// </summary>
public sealed class MsrResNet : Network
{
    private const double Slope = 0.1;

    private readonly Conv2d _first, _hr, _last;
    private readonly Sequential _body;

    public MsrResNet(MsrResNetOptions options)
        : base(new NetworkFacts(options.Channels, ReceptiveField: 1 + (2 * options.Blocks) + 2))
    {
        options.Validate();
        _first = Add("conv_first", Conv2d.Same(options.Channels, options.Width, 3));
        _body = Add("body", new Sequential([.. Enumerable.Range(0, options.Blocks).Select(_ => new ResidualBlock(options.Width))]));
        _hr = Add("conv_hr", Conv2d.Same(options.Width, options.Width, 3));
        _last = Add("conv_last", Conv2d.Same(options.Width, options.Channels, 3));
        SmallStart.Apply(this);
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<MsrResNetOptions>(
        "srgan", "SRGAN's generator (MSRResNet) at scale 1: residual blocks without normalisation", "Ledig et al., CVPR 2017",
        options => new MsrResNet(options)) with
    {
        OurName = (name, _) => MsrResNetNames.ToOurs(name),
        Licence = "Apache-2.0 (BasicSR)",
    };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var change = _first.Forward(input).Then(Active).Then(_body.Forward).Then(_hr.Forward).Then(Active).Then(_last.Forward);
        return input + change;
    }

    private static Tensor Active(Tensor input) => Functional.LeakyRelu(input, Slope);
}

/// <summary>Names that other libraries give to the tensors of <see cref="MsrResNet"/>.</summary>
internal static class MsrResNetNames
{
    private const string Mmedit = "trunk_net.";

    /// <summary>Our name for a tensor of mmedit's; other names stay.</summary>
    public static string ToOurs(string name) => name.StartsWith(Mmedit, StringComparison.Ordinal) ? "body." + name[Mmedit.Length..] : name;
}

/// <summary>Options of <see cref="MsrResNet"/>; the defaults are the published size.</summary>
public sealed record MsrResNetOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Residual blocks.</summary>
    public int Blocks { get; init; } = 16;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(Blocks, least: 0);
    }
}

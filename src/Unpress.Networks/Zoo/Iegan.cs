using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// IEGAN: Ghosh, Hua, Mukherjee, Robertson, "IEGAN: Multi-purpose Perceptual Quality Image Enhancement Using Generative Adversarial Network",
/// WACV 2019. Our reading: the paper builds on SRGAN; no code, weights or layer table could be found. We take the generator of the SRGAN
/// paper at scale 1: 9×9 convolution and PReLU, 16 residual blocks with batch norm, one more 3×3 with batch norm and a skip around all of
/// them, 9×9 convolution out, no skip from the picture; 1,254,036 parameters. The names are our own. What IEGAN adds is in its objective:
/// the edges' difference.
/// </summary>
public sealed class Iegan : Network
{
    private readonly Sequential _head, _body;
    private readonly Conv2d _tail;

    public Iegan(IeganOptions options)
        : base(new NetworkFacts(options.Channels, ReceptiveField: 4 + (2 * options.Blocks) + 1 + 4))
    {
        options.Validate();
        long width = options.Width;
        _head = Add("head", new Sequential(Conv2d.Same(options.Channels, width, 9), new PRelu()));
        _body = Add("body", new Sequential(
            [.. Enumerable.Range(0, options.Blocks).Select(_ => new SrganBlock(width)), Conv2d.Same(width, width, 3), new BatchNorm2d(width)]));
        _tail = Add("tail", Conv2d.Same(width, options.Channels, 9));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<IeganOptions>(
        "iegan", "IEGAN's generator: SRGAN's, with batch norm, at scale 1", "Ghosh et al., WACV 2019", options => new Iegan(options));

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var head = _head.Forward(input);
        return _body.Forward(head).Then(change => head + change).Then(_tail.Forward);
    }
}

/// <summary>The residual block of the SRGAN paper: x + BN(conv(PReLU(BN(conv(x))))).</summary>
internal sealed class SrganBlock : Layer
{
    private readonly Sequential _layers;

    public SrganBlock(long width) => _layers = Add("layers", new Sequential(
        Conv2d.Same(width, width, 3), new BatchNorm2d(width), new PRelu(), Conv2d.Same(width, width, 3), new BatchNorm2d(width)));

    public override Tensor Forward(Tensor input)
    {
        using var change = _layers.Forward(input);
        return input + change;
    }
}

/// <summary>Options of <see cref="Iegan"/>.</summary>
public sealed record IeganOptions
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

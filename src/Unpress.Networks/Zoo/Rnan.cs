using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// RNAN: Zhang, Li, Li, Zhong, Fu, "Residual Non-local Attention Networks for Image Restoration", ICLR 2019: groups of residual blocks whose
/// features a mask at half the size weighs; in the first and the last group every pixel of the mask also sees all others. Names as in the
/// authors' files (yulunzhang/RNAN). As in their program, the attention's weights of one pixel, not those that it gives to others, add up to 1
/// over the pixels that see it; the paper's equation 6 has it the other way round.
/// Our reading for any size: pixels see all others of their square of 48 pixels, the paper's training patches. The authors' test program cuts
/// pictures into pieces of up to 10,000 pixels, whose borders depend on the picture's size.
/// </summary>
public sealed class Rnan : Network
{
    private readonly Sequential _head, _tail;
    private readonly Sequential _low, _body, _high;
    private readonly double _range;

    public Rnan(RnanOptions options)
        : base(FactsOf(options))
    {
        int width = options.Width;
        _range = options.Range;
        _head = Add("head", new Sequential(Conv2d.Same(options.Channels, width, 3)));
        _low = Add("body_nl_low", new Sequential(new RnanGroup(width, options.Window)));
        _body = Add("body", new Sequential([
            .. Enumerable.Range(0, options.Groups - 2).Select(_ => new RnanGroup(width, window: null)), Conv2d.Same(width, width, 3)]));
        _high = Add("body_nl_high", new Sequential(new RnanGroup(width, options.Window)));
        _tail = Add("tail", new Sequential(Conv2d.Same(width, options.Channels, 3)));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<RnanOptions>(
        "rnan", "RNAN: residual blocks weighed by local and non-local attention", "Zhang et al., ICLR 2019", options => new Rnan(options)) with
    {
        Licence = "no licence stated by the authors",
    };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var features = _high.Forward(_body.Forward(_low.Forward(_head.Forward(input * _range))));
        return scope.Keep(input + (_tail.Forward(features) / _range));
    }

    private static NetworkFacts FactsOf(RnanOptions options)
    {
        options.Validate();
        int receptiveField = 3 + (options.Groups * RnanGroup.ReceptiveField) + (2 * (options.Window - 1));
        return new NetworkFacts(options.Channels, receptiveField, SizeMultiple: options.Window);
    }
}

/// <summary>Options of <see cref="Rnan"/>; the defaults are the authors' for gray JPEGs (8,957,249 parameters).</summary>
public sealed record RnanOptions
{
    /// <summary>1 (luma, as in the paper) or 3 (RGB).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels inside; half of them in the non-local parts.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Groups, of which the first and the last are non-local.</summary>
    public int Groups { get; init; } = 10;

    /// <summary>Pixels a side of the squares within which a pixel sees all others; even.</summary>
    public int Window { get; init; } = 48;

    /// <summary>White inside the network. It matters to the attention: its scores grow with the square.</summary>
    public double Range { get; init; } = 255;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(Groups, least: 2, name: "groups");
        Require.Within(Window, 2, 512);
        if (Window % 2 != 0)
            throw new ArgumentException($"window {Window}: an even number");
        Require.Within(Range, 1, 65_535);
    }
}

/// <summary>A residual attention block, named body.0, and a convolution behind it. With a window its mask is non-local.</summary>
internal sealed class RnanGroup : Layer
{
    // Block 2; then the longer way, the mask's 2 + 1 + (4 · 2) + 3 + 2 pixels and a cell of 2; two blocks 4; convolution 1.
    public const int ReceptiveField = 2 + 17 + 4 + 1;

    private readonly Sequential _body;

    public RnanGroup(int width, int? window)
        => _body = Add("body", new Sequential(new RnanAttention(width, window), Conv2d.Same(width, width, 3)));

    public override Tensor Forward(Tensor input) => _body.Forward(input);
}

/// <summary>x → block; trunk · mask + x; two blocks more.</summary>
internal sealed class RnanAttention : Layer
{
    private readonly Sequential _before, _trunk, _mask, _after;

    public RnanAttention(int width, int? window)
    {
        _before = Add("RA_RB1", new Sequential(new RnanBlock(width)));
        _trunk = Add("RA_TB", new Sequential(new RnanTrunk(width)));
        _mask = Add("RA_MB", new Sequential(new RnanMask(width, window)));
        _after = Add("RA_tail", new Sequential(new RnanBlock(width), new RnanBlock(width)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var x = _before.Forward(input);
        return scope.Keep(_after.Forward((_trunk.Forward(x) * _mask.Forward(x)) + x));
    }
}

/// <summary>x + conv(ReLU(conv(x))), 3×3, named body.0 and body.2.</summary>
internal sealed class RnanBlock : Layer
{
    private readonly Sequential _body;

    public RnanBlock(int width) => _body = Add("body", new Sequential(Conv2d.Same(width, width, 3), new Relu(), Conv2d.Same(width, width, 3)));

    public override Tensor Forward(Tensor input)
    {
        using var change = _body.Forward(input);
        return input + change;
    }
}

/// <summary>Two blocks, named body.0 and body.1.</summary>
internal sealed class RnanTrunk : Layer
{
    private readonly Sequential _body;

    public RnanTrunk(int width) => _body = Add("body", new Sequential(new RnanBlock(width), new RnanBlock(width)));

    public override Tensor Forward(Tensor input) => _body.Forward(input);
}

/// <summary>How much each value of the trunk counts, 0..1: two blocks at half the size between one before and one behind.</summary>
internal sealed class RnanMask : Layer
{
    private readonly Sequential _before, _down, _inside, _up, _behind, _last;

    public RnanMask(int width, int? window)
    {
        var block = new RnanBlock(width);
        _before = Add("MB_RB1", window is { } side ? new Sequential(new NonLocalBlock(width, side), block) : new Sequential(block));
        _down = Add("MB_Down", new Sequential(new Conv2d(width, width, 3, stride: 2, padding: 1)));
        _inside = Add("MB_RB2", new Sequential(new RnanBlock(width), new RnanBlock(width)));
        _up = Add("MB_Up", new Sequential(new ConvTranspose2d(width, width, 6, stride: 2, padding: 2)));
        _behind = Add("MB_RB3", new Sequential(new RnanBlock(width)));
        _last = Add("MB_1x1conv", new Sequential(Conv2d.Same(width, width, 1)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var x = _before.Forward(input);
        return scope.Keep(_last.Forward(_behind.Forward(x + _up.Forward(_inside.Forward(_down.Forward(x))))).Sigmoid());
    }
}

/// <summary>
/// x + W·(attention over g(x)) within squares: Wang et al., "Non-local Neural Networks", CVPR 2018, embedded Gaussian, with half the channels.
/// </summary>
internal sealed class NonLocalBlock : Layer
{
    private readonly Conv2d _g, _w, _theta, _phi;
    private readonly int _window, _inside;

    public NonLocalBlock(int width, int window)
    {
        (_window, _inside) = (window, Math.Max(1, width / 2));
        _g = Add("g", Conv2d.Same(width, _inside, 1));
        _w = Add("W", Conv2d.Same(_inside, width, 1));
        _theta = Add("theta", Conv2d.Same(width, _inside, 1));
        _phi = Add("phi", Conv2d.Same(width, _inside, 1));
        Init.Constant(_w.Weight, 0);
        Init.Constant(_w.Bias!, 0);
    }

    /// <param name="input">[N, C, H, W], sides that are multiples of the window.</param>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var shape = input.Shape;
        long down = shape[2] / _window, across = shape[3] / _window, pixels = (long)_window * _window;
        var scores = Squares(_theta).MatMul(Squares(_phi).Transpose(1, 2));
        var seen = Functional.Softmax(scores, 1).MatMul(Squares(_g));
        var laid = seen.Reshape(shape[0], down, across, _window, _window, _inside).Permute(0, 5, 1, 3, 2, 4)
            .Reshape(shape[0], _inside, down * _window, across * _window);
        return scope.Keep(input + _w.Forward(laid));

        // [squares, pixels, channels].
        Tensor Squares(Conv2d layer) => layer.Forward(input).Reshape(shape[0], _inside, down, _window, across, _window)
            .Permute(0, 2, 4, 3, 5, 1).Reshape(-1, pixels, _inside);
    }
}

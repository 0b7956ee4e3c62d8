using System.Text.RegularExpressions;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// RRDBNet, the generator of ESRGAN (Wang et al., "ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks", ECCVW 2018) and of
/// Real-ESRGAN (Wang et al., ICCVW 2021). At scale 1 the picture is folded by 4 (pixel-unshuffle), passes the blocks at a quarter of its
/// size and is enlarged again; there is no skip from the picture, the network must carry it through. Names as in BasicSR, Real-ESRGAN and
/// PowerQE; those of the first ESRGAN releases are taken too. Parameters: 6,694,915 (32 channels, 16 blocks, PowerQE), 16,723,907 (64, 23).
/// All convolutions start small, as in mmedit and PowerQE.
/// Our readings: sides that are no multiple of 4 are continued by the border, where Real-ESRGAN's program mirrors them; at scales 2 and 4 a
/// restoration keeps the size, so the enlarged picture is averaged back over 2×2 or 4×4 pixels, and <see cref="Enlarge"/> gives it as it is.
/// </summary>
public sealed class RrdbNet : Network
{
    internal const double Slope = 0.2;
    internal const double BranchScale = 0.2;

    private readonly Conv2d _first, _afterBody, _up1, _up2, _hr, _last;
    private readonly Sequential _body;
    private readonly int _scale;

    public RrdbNet(RrdbNetOptions options)
        : base(new NetworkFacts(options.Channels, ReachOf(options), SizeMultiple: FoldOf(options.Scale)))
    {
        options.Validate();
        _scale = options.Scale;
        long width = options.Width;
        _first = Add("conv_first", Conv2d.Same((long)options.Channels * Facts.SizeMultiple * Facts.SizeMultiple, width, 3));
        _body = Add("body", new Sequential([.. Enumerable.Range(0, options.Blocks).Select(_ => new Rrdb(width, options.Growth))]));
        _afterBody = Add("conv_body", Conv2d.Same(width, width, 3));
        _up1 = Add("conv_up1", Conv2d.Same(width, width, 3));
        _up2 = Add("conv_up2", Conv2d.Same(width, width, 3));
        _hr = Add("conv_hr", Conv2d.Same(width, width, 3));
        _last = Add("conv_last", Conv2d.Same(width, options.Channels, 3));
        SmallStart.Apply(this);
    }

    public static NetworkEntry EsrganEntry { get; } = NetworkEntry.Of<RrdbNetOptions>(
        "esrgan", "ESRGAN's generator (RRDBNet) at scale 1, in PowerQE's size: dense blocks at a quarter of the size", "Wang et al., ECCVW 2018",
        options => new RrdbNet(options)) with
    {
        OurName = (name, _) => RrdbNetNames.ToOurs(name),
        Licence = "Apache-2.0 (xinntao/ESRGAN); PowerQE's weights: non-commercial use (RyanXingQL License 1.0)",
    };

    public static NetworkEntry RealEsrganEntry { get; } = NetworkEntry.Of<RealEsrganOptions>(
        "realesrgan", "Real-ESRGAN's generator (RRDBNet) at scale 1, in the published size", "Wang et al., ICCVW 2021",
        options => new RrdbNet(options)) with
    {
        OurName = (name, _) => RrdbNetNames.ToOurs(name),
        Licence = "BSD-3-Clause (xinntao/Real-ESRGAN)",
    };

    /// <summary>[N,C,H,W] to [N,C,sH,sW]; height and width are multiples of 4 / s.</summary>
    public Tensor Enlarge(Tensor input) => Trunk(input)
        .Then(Double).Then(_up1.Forward).Then(Active)
        .Then(Double).Then(_up2.Forward).Then(Active)
        .Then(_hr.Forward).Then(Active)
        .Then(_last.Forward);

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var large = Enlarge(input);
        return _scale == 1 ? large : large.Then(x => Functional.AvgPool2d(x, _scale, _scale));
    }

    private Tensor Trunk(Tensor input)
    {
        using var scope = TensorScope.Enter();
        int fold = Facts.SizeMultiple;
        var start = _first.Forward(fold == 1 ? input : Functional.PixelUnshuffle(input, fold)); // [N, width, H/fold, W/fold]
        return scope.Keep(start + _afterBody.Forward(_body.Forward(start)));
    }

    private static Tensor Active(Tensor input) => Functional.LeakyRelu(input, Slope);

    private static Tensor Double(Tensor input) => Functional.Interpolate(input, 2 * input.Size(2), 2 * input.Size(3), Interpolation.Nearest);

    private static int FoldOf(int scale) => scale switch
    {
        1 => 4,
        2 => 2,
        _ => 1,
    };

    // In cells of the folded picture: five convolutions a dense block, three of those a block, two more, and less than three for what
    // follows at twice and four times the cells' resolution (1/2 + 3/4) and for the cell itself.
    private static int ReachOf(RrdbNetOptions options) => FoldOf(options.Scale) * ((15 * options.Blocks) + 2 + 3);
}

/// <summary>Options of <see cref="RrdbNet"/> with the defaults of Real-ESRGAN, which are also those of the ESRGAN paper: 64 channels, 23 blocks.</summary>
public sealed record RealEsrganOptions : RrdbNetOptions
{
    public RealEsrganOptions() => (Width, Blocks) = (64, 23);
}

/// <summary>ESRGAN's residual-in-residual dense block: three dense blocks, x + 0.2 · of their result.</summary>
internal sealed class Rrdb : Layer
{
    private readonly DenseBlock _first, _second, _third;

    public Rrdb(long width, long growth)
    {
        _first = Add("rdb1", new DenseBlock(width, growth));
        _second = Add("rdb2", new DenseBlock(width, growth));
        _third = Add("rdb3", new DenseBlock(width, growth));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(input + (_third.Forward(_second.Forward(_first.Forward(input))) * RrdbNet.BranchScale));
    }
}

/// <summary>
/// ESRGAN's dense block: four 3×3 convolutions with LeakyReLU 0.2, each reading all that came before, a fifth that reads everything and
/// returns to the width; x + 0.2 · of it.
/// </summary>
internal sealed class DenseBlock : Layer
{
    private readonly Conv2d[] _convs;

    public DenseBlock(long width, long growth)
        => _convs = [.. Enumerable.Range(0, 5).Select(k => Add($"conv{k + 1}", Conv2d.Same(width + (k * growth), k < 4 ? growth : width, 3)))];

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var seen = input;
        foreach (var conv in _convs.SkipLast(1))
            seen = Tensor.Cat([seen, Functional.LeakyRelu(conv.Forward(seen), RrdbNet.Slope)], 1);
        return scope.Keep(input + (_convs[^1].Forward(seen) * RrdbNet.BranchScale));
    }
}

/// <summary>Options of <see cref="RrdbNet"/>; the defaults are PowerQE's ESRGAN at scale 1.</summary>
public record RrdbNetOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels between the blocks.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Residual-in-residual dense blocks.</summary>
    public int Blocks { get; init; } = 16;

    /// <summary>Channels that each convolution of a dense block adds.</summary>
    public int Growth { get; init; } = 32;

    /// <summary>
    /// 1: the picture is folded by 4 and comes back at its own size. 2 and 4 are the networks of super-resolution, for their released
    /// weights: what they enlarge is averaged back.
    /// </summary>
    public int Scale { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(Blocks, least: 0);
        Require.Width(Growth);
        if (Scale is not (1 or 2 or 4))
            throw new ArgumentException($"scale is {Scale}, must be 1, 2 or 4");
    }
}

/// <summary>Names that earlier releases give to the tensors of <see cref="RrdbNet"/>.</summary>
internal static partial class RrdbNetNames
{
    private static readonly Dictionary<string, string> Convolutions = new(StringComparer.Ordinal)
    {
        // xinntao/ESRGAN and KAIR
        ["trunk_conv"] = "conv_body",
        ["upconv1"] = "conv_up1",
        ["upconv2"] = "conv_up2",
        ["HRconv"] = "conv_hr",
        // the first files, of one long torch.nn.Sequential; the prefix "model." may be gone already
        ["0"] = "conv_first",
        ["3"] = "conv_up1",
        ["6"] = "conv_up2",
        ["8"] = "conv_hr",
        ["10"] = "conv_last",
    };

    /// <summary>Our name for a tensor of an ESRGAN file of any age; names that are ours, and unknown ones, stay.</summary>
    public static string ToOurs(string name)
    {
        var parts = Old().Match(name);
        if (!parts.Success)
            return name;
        string last = parts.Groups["last"].Value;
        if (parts.Groups["dense"].Success)
            return $"body.{parts.Groups["block"].Value}.rdb{parts.Groups["dense"].Value}.conv{parts.Groups["conv"].Value}.{last}";
        if (parts.Groups["after"].Success)
            return "conv_body." + last;
        return Convolutions.TryGetValue(parts.Groups["plain"].Value, out string? ours) ? $"{ours}.{last}" : name;
    }

    [GeneratedRegex(@"^(model\.)?((RRDB_trunk|1\.sub)\.(?<block>\d+)\.RDB(?<dense>[123])\.conv(?<conv>[1-5])(\.0)?|1\.sub\.(?<after>\d+)|(?<plain>\w+))\.(?<last>weight|bias)$")]
    private static partial Regex Old();
}

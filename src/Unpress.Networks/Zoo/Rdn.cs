using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// RDN: Zhang, Tian, Kong, Zhong, Fu, "Residual Dense Network for Image Super-Resolution", CVPR 2018 (image restoration: TPAMI 2020), at
/// scale 1: no upscaling, and no sum with the input picture, only with the first features. Names as in PowerQE and yjn870/RDN-pytorch.
/// </summary>
public sealed class Rdn : Network
{
    private readonly Conv2d _shallow;
    private readonly Conv2d _first;
    private readonly RdnBlock[] _blocks;
    private readonly Sequential _fuse;
    private readonly Conv2d _output;

    public Rdn(RdnOptions options)
        : base(new NetworkFacts(options.Channels, ReceptiveField: 4 + (options.Blocks * options.Layers)))
    {
        options.Validate();
        int width = options.Width;
        _shallow = Add("sfe1", Conv2d.Same(options.Channels, width, 3));
        _first = Add("sfe2", Conv2d.Same(width, width, 3));
        _blocks = [.. Enumerable.Range(0, options.Blocks)
            .Select(d => Add($"rdbs.{d}", new RdnBlock(width, options.Growth, options.Layers)))];
        _fuse = Add("gff", new Sequential(Conv2d.Same(options.Blocks * width, width, 1), Conv2d.Same(width, width, 3)));
        _output = Add("output", Conv2d.Same(width, options.Channels, 3));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<RdnOptions>(
        "rdn", "RDN: residual dense blocks", "Zhang et al., CVPR 2018", options => new Rdn(options)) with
    {
        Licence = "PowerQE's weights: non-commercial use (RyanXingQL License 1.0)",
    };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var shallow = _shallow.Forward(input);
        var x = _first.Forward(shallow);
        var found = new Tensor[_blocks.Length];
        for (int d = 0; d < found.Length; d++)
            x = found[d] = _blocks[d].Forward(x);
        return _output.Forward(_fuse.Forward(Tensor.Cat(found, 1)) + shallow);
    }
}

/// <summary>A residual dense block: each layer sees what all before it found; a 1×1 convolution fuses them, and the input is added.</summary>
internal sealed class RdnBlock : Layer
{
    private readonly Conv2d[] _layers;
    private readonly Conv2d _fuse;

    public RdnBlock(int width, int growth, int layers)
    {
        _layers = [.. Enumerable.Range(0, layers).Select(c => Add($"layers.{c}.conv", Conv2d.Same(width + (c * growth), growth, 3)))];
        _fuse = Add("lff", Conv2d.Same(width + (layers * growth), width, 1));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var known = input;
        foreach (var layer in _layers)
            known = Tensor.Cat([known, Functional.Relu(layer.Forward(known))], 1);
        return scope.Keep(input + _fuse.Forward(known));
    }
}

/// <summary>
/// Options of <see cref="Rdn"/>. The defaults are PowerQE's (414,147 parameters); the paper's networks are width 64, growth 64, 16 blocks of
/// 8 layers (21,975,683 in RGB, without upscaling) and width 64, growth 32, 20 blocks of 6 (5,468,803).
/// </summary>
public sealed record RdnOptions
{
    /// <summary>1 (luma, as in the paper's JPEG experiments) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels between blocks, G0.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Channels that each dense layer adds, G.</summary>
    public int Growth { get; init; } = 32;

    /// <summary>Residual dense blocks, D.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Convolutions in a block, C.</summary>
    public int Layers { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Width(Growth);
        Require.Layers(Blocks);
        Require.Layers(Layers);
    }
}

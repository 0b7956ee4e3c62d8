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
        : base(new NetworkFacts(options.Channels, Reach: 4 + (options.Blocks * options.Layers)))
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

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// MUSIQ: Ke, Wang, Wang, Milanfar, Yang, "MUSIQ: Multi-scale Image Quality Transformer", ICCV 2021, in pyiqa's form: bicubic resizing without
/// antialiasing. The picture at three sizes is cut into patches of 32×32, zeros beyond the border; each becomes a token, with its place on a
/// 10×10 grid and its size added. The published sequences have empty places for patches that a narrow picture lacks, and mask them so
/// that their weight is zero: here they are not there.
/// </summary>
public sealed class MusiqNetwork : Module
{
    internal const double Epsilon = 1e-6;

    private const int Patch = 32, Grid = 10, Reduced = 8;

    private static readonly Op IndexSelect = Op.Find("aten::index_select");

    private readonly int[] _sides;
    private readonly StandardConv2d _root;
    private readonly GroupNorm _rootNorm;
    private readonly MusiqBottleneck _block;
    private readonly Linear _embedding;
    private readonly Tensor _class, _places, _scales;
    private readonly MusiqBlock[] _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    public MusiqNetwork(MusiqOptions options)
    {
        if (options.Stem % options.Groups != 0 || options.Width % options.Heads != 0)
            throw new ArgumentException("the stem must be a multiple of the groups, and the width one of the heads");
        _sides = options.Sides;
        _root = Add("conv_root", new StandardConv2d(3, options.Stem, 7, stride: 2));
        _rootNorm = Add("gn_root", new GroupNorm(options.Groups, options.Stem, Epsilon));
        _block = Add("block1", new MusiqBottleneck(options.Stem, options.Groups));
        _embedding = Add("embedding", new Linear(4L * options.Stem * Reduced * Reduced, options.Width));
        _class = AddParameter("transformer_encoder.cls", Tensor.Zeros([1, 1, options.Width]));
        _places = AddParameter("transformer_encoder.posembed_input.position_emb", Tensor.Zeros([1, Grid * Grid, options.Width]));
        _scales = AddParameter("transformer_encoder.scaleembed_input.scale_emb", Tensor.Zeros([_sides.Length + 1, options.Width]));
        _blocks = [.. Enumerable.Range(0, options.Blocks).Select(k =>
            Add($"transformer_encoder.transformer.encoderblock_{k}", new MusiqBlock(options.Width, options.Heads, options.Inner)))];
        _norm = Add("transformer_encoder.encoder_norm", new LayerNorm(options.Width, Epsilon));
        _head = Add(options.Outputs == 1 ? "head" : "head.0", new Linear(options.Width, options.Outputs));
    }

    /// <summary>The score of one picture [1, 3, H, W], RGB, 0..1: [1].</summary>
    public Tensor Forward(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        var centred = (picture * 2) - 1;
        var tokens = Enumerable.Range(0, _sides.Length + 1).Select(scale => Tokens(centred, scale)).Prepend(_class);
        var x = Tensor.Cat([.. tokens], 1);
        foreach (var block in _blocks)
            x = block.Forward(x);
        var output = _head.Forward(_norm.Forward(x).Narrow(1, 0, 1)).Reshape(1, -1);
        return scope.Keep(output.Size(1) == 1 ? output.Reshape(1) : MeanOpinion(output));
    }

    private static Tensor MeanOpinion(Tensor output)
    {
        double[] opinions = [.. Enumerable.Range(1, (int)output.Size(1)).Select(k => (double)k)];
        return (Functional.Softmax(output, 1) * Tensor.From(opinions, 1, opinions.Length).To(output.DType)).Sum([1]);
    }

    // [1, 3, H, W] at one size to [1, patches, width].
    private Tensor Tokens(Tensor picture, int scale)
    {
        var sized = scale < _sides.Length ? Resize(picture, _sides[scale]) : picture;
        var padded = SamePadding.Apply(sized, Patch, Patch);
        long down = padded.Size(2) / Patch, across = padded.Size(3) / Patch;
        var patches = padded.Reshape(3, down, Patch, across, Patch).Permute(1, 3, 0, 2, 4).Reshape(down * across, 3, Patch, Patch);
        var features = Functional.Relu(_rootNorm.Forward(_root.Forward(patches)));
        features = _block.Forward(Functional.MaxPool2d(SamePadding.Apply(features, 3, 2), 3, 2));
        var tokens = _embedding.Forward(features.Permute(0, 2, 3, 1).Reshape(down * across, -1));
        long[] places = [.. Enumerable.Range(0, (int)(down * across)).Select(i => (i / across * Grid / down * Grid) + (i % across * Grid / across))];
        var placed = tokens + IndexSelect.Call(_places.Reshape(Grid * Grid, -1), 0, Tensor.From(places, places.Length)) + _scales.Narrow(0, scale, 1);
        return placed.Unsqueeze(0);
    }

    private static Tensor Resize(Tensor picture, int side)
    {
        double factor = side / (double)Math.Max(picture.Size(2), picture.Size(3));
        long height = Math.Max(1, (long)Math.Round(picture.Size(2) * factor)), width = Math.Max(1, (long)Math.Round(picture.Size(3) * factor));
        return Functional.Interpolate(picture, height, width, Interpolation.Bicubic);
    }
}

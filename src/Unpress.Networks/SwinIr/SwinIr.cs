using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// SwinIR, JPEG configuration: Liang, Cao, Sun, Zhang, Van Gool, Timofte, "SwinIR: Image Restoration Using Swin Transformer", ICCVW 2021.
/// Six groups of six transformer layers that attend inside 7×7 windows, one published model for each of QF 10, 20, 30, 40, in gray and in
/// colour (11.5 M parameters). Names as in the official files, their buffers included: <c>006_CAR_…</c> and <c>006_colorCAR_…</c> load by name.
/// The picture is enlarged as the authors' test program does: mirrored, its border pixel twice, to the next multiple of the window, by a
/// whole window where it is one already. Our reading: where a picture is smaller than what is to be added, the mirroring goes on back
/// and forth; the official program fails there.
/// </summary>
public sealed class SwinIr : Network
{
    private static readonly Op IndexOp = Op.Find("aten::index.Tensor");
    private static readonly float[] RgbMean = [0.4488f, 0.4371f, 0.4040f];

    private readonly SwinIrOptions _options;
    private readonly Conv2d _first, _afterBody, _last;
    private readonly LayerNorm _embedNorm, _norm;
    private readonly SwinGroup[] _groups;

    public SwinIr(SwinIrOptions options)
        : base(FactsOf(options))
    {
        _options = options;
        using var scope = TensorScope.Enter();
        var mask = SwinWindows.Mask(options.Window, options.Window / 2, options.TrainingSize, options.TrainingSize);
        _first = Add("conv_first", Conv2d.Same(options.Channels, options.Width, 3));
        _embedNorm = Add("patch_embed.norm", new LayerNorm(options.Width));
        double[] drops = Rising(options.DropPath, options.Depths.Sum());
        _groups = new SwinGroup[options.Depths.Length];
        for (int k = 0, layer = 0; k < _groups.Length; layer += options.Depths[k++])
            _groups[k] = Add($"layers.{k}", new SwinGroup(options, options.Heads[k], mask, drops[layer..(layer + options.Depths[k])]));
        _norm = Add("norm", new LayerNorm(options.Width));
        _afterBody = Add("conv_after_body", Conv2d.Same(options.Width, options.Width, 3));
        _last = Add("conv_last", Conv2d.Same(options.Width, options.Channels, 3));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<SwinIrOptions>(
        "swinir", "SwinIR for JPEG: attention in 7×7 windows, one model a quality", "Liang et al., ICCVW 2021", options => new SwinIr(options)) with
    {
        Licence = "Apache-2.0",
    };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var mean = Mean(input);
        var picture = (input - mean) * _options.Range;
        var shallow = _first.Forward(picture);
        var mask = SwinWindows.Mask(_options.Window, _options.Window / 2, (int)input.Size(2), (int)input.Size(3)).To(input.DType).To(input.Device);
        var x = _embedNorm.Forward(shallow.Permute(0, 2, 3, 1)); // [N, H, W, width] from here to the end of the body
        foreach (var group in _groups)
        {
            using var previous = x;
            x = group.Forward(previous, mask);
        }

        var deep = shallow + _afterBody.Forward(_norm.Forward(x).Permute(0, 3, 1, 2));
        return ((picture + _last.Forward(deep)) / _options.Range) + mean;
    }

    protected override Tensor Padded(Tensor input) => Mirrored(Mirrored(input, 2), 3);

    private static NetworkFacts FactsOf(SwinIrOptions options)
    {
        options.Validate();
        return new NetworkFacts(options.Channels, SwinWindows.Reach(options), options.Window);
    }

    private Tensor Mirrored(Tensor picture, int dimension)
    {
        long size = picture.Size(dimension);
        var source = new long[((size / _options.Window) + 1) * _options.Window];
        for (long k = 0; k < source.Length; k++)
            source[k] = k % (2 * size) < size ? k % (2 * size) : (2 * size) - 1 - (k % (2 * size));
        using var index = Tensor.From(source, source.Length).To(picture.Device);
        return IndexOp.Call(picture, dimension == 2 ? Value.OptionalList(null, null, index) : Value.OptionalList(null, null, null, index));
    }

    // The authors' mean of DIV2K; nothing for gray.
    private Tensor Mean(Tensor input)
        => _options.Channels == 1
            ? Tensor.Zeros([1, 1, 1, 1], input.DType, input.Device)
            : Tensor.From(RgbMean, 1, 3, 1, 1).To(input.DType).To(input.Device);

    private static double[] Rising(double last, int count) => [.. Enumerable.Range(0, count).Select(k => count == 1 ? 0 : last * k / (count - 1))];
}

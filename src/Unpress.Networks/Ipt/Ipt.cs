using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// IPT: Chen, Wang, Guo et al., "Pre-Trained Image Processing Transformer", CVPR 2021: 12 encoder and 12 decoder layers over 256 tokens of
/// 3×3 pixels and 64 channels. Names as in the authors' files, head.0 and tail.0 being the one task. RGB only, as published. Nobody released
/// one for JPEG; the row in DAGN's tables is of its authors' own training (114.2 M parameters there, 115.3 M here, one head and tail at ×1).
/// The transformer takes squares of 48 pixels and nothing else. Our reading for any size, after the authors' test program: squares every
/// 12 pixels, of each the middle 24×24 counts, and a pixel is the mean of the four middles that cover it. Theirs keeps the outer parts of the
/// outermost squares; here the border is repeated outwards instead, so that every pixel is treated alike and tiles give what the whole gives.
/// While training, a batch of 48-pixel patches goes through as it is.
/// </summary>
public sealed class Ipt : Network
{
    private const int SquaresAtOnce = 8;

    private static readonly Op UnfoldOp = Op.Find("aten::unfold");
    private static readonly Op AddInPlaceOp = Op.Find("aten::add_.Tensor");

    private readonly IptOptions _options;
    private readonly IptMeanShift _subtract, _add;
    private readonly Sequential _head;
    private readonly IptBody _body;
    private readonly Conv2d _tail;

    public Ipt(IptOptions options)
        : base(FactsOf(options))
    {
        _options = options;
        _subtract = Add("sub_mean", new IptMeanShift(-options.Range));
        _add = Add("add_mean", new IptMeanShift(options.Range));
        _head = Add("head.0", new Sequential(Conv2d.Same(3, options.Width, 3), new IptBlock(options.Width), new IptBlock(options.Width)));
        _body = Add("body", new IptBody(options));
        _tail = Add("tail.0.1", Conv2d.Same(options.Width, 3, 3)); // tail.0.0 is the up-sampler, empty at ×1
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<IptOptions>(
        "ipt", "IPT: a transformer over squares of 48 pixels", "Chen et al., CVPR 2021", options => new Ipt(options)) with
    {
        Licence = "Apache-2.0, none for JPEG",
    };

    /// <summary>[N, 3, P, P], squares of the patch's size, 0..1, to the same: the network of the authors' files.</summary>
    public Tensor RestoreSquares(Tensor squares)
    {
        using var scope = TensorScope.Enter();
        var features = _head.Forward(_subtract.Forward(squares * _options.Range));
        var output = _tail.Forward(_body.Forward(features) + features);
        return scope.Keep(_add.Forward(output) / _options.Range);
    }

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var shape = input.Shape;
        int patch = _options.Patch, half = patch / 2, stride = _options.Stride, middle = _options.Middle;
        if (Training && shape[2] == patch && shape[3] == patch)
            return RestoreSquares(input);
        using var scope = TensorScope.Enter();
        var around = Functional.Pad(input, half, half, half, half, Padding.Replicate);
        var cut = UnfoldOp.Call(UnfoldOp.Call(around, 2, patch, stride), 3, patch, stride); // [N, 3, down, across, P, P]
        // The squares of a whole picture are up to 16 times the picture: they are cut out, restored and laid down row by row.
        long down = cut.Size(2), across = cut.Size(3), times = middle / stride;
        var sum = Tensor.Zeros([shape[0], 3, ((down - 1) * stride) + middle, ((across - 1) * stride) + middle], input.DType, input.Device);
        for (long y = 0; y < down; y++)
        {
            using var strip = StripOf(cut.Narrow(2, y, 1));
            using var place = sum.Narrow(2, y * stride, middle);
            AddInPlaceOp.Run(place, strip, 1);
            conditions.Progress?.Invoke((y + 1.0) / down);
        }

        long before = half - ((patch - middle) / 2);
        return scope.Keep(sum.Narrow(2, before, shape[2]).Narrow(3, before, shape[3]) / (times * times));
    }

    /// <summary>A row of squares, [N, 3, 1, across, P, P], to the sum of their restored middles, each in its place: [N, 3, M, W].</summary>
    private Tensor StripOf(Tensor row)
    {
        using var scope = TensorScope.Enter();
        int patch = _options.Patch, stride = _options.Stride, middle = _options.Middle, edge = (patch - middle) / 2;
        var squares = row.Permute(0, 2, 3, 1, 4, 5).Reshape(-1, 3, patch, patch);
        var restored = new List<Tensor>();
        long atOnce = squares.Device.IsMeta ? squares.Size(0) : SquaresAtOnce; // shapes take no memory, but every call takes time
        for (long start = 0; start < squares.Size(0); start += atOnce)
        {
            using var some = RestoreSquares(squares.Narrow(0, start, Math.Min(atOnce, squares.Size(0) - start)));
            restored.Add(some.Narrow(2, edge, middle).Narrow(3, edge, middle).Clone());
        }

        long across = row.Size(3), times = middle / stride;
        var middles = Tensor.Cat([.. restored], 0).Reshape(-1, across, 3, middle, middle);
        Tensor? strip = null;
        for (long x = 0; x < times; x++)
        {
            // These parts of all middles lie side by side without gaps.
            var parts = middles.Narrow(4, x * stride, stride).Permute(0, 2, 3, 1, 4).Reshape(-1, 3, middle, across * stride);
            var placed = Functional.Pad(parts, x * stride, (times - 1 - x) * stride, 0, 0, Padding.Zero);
            strip = strip is null ? placed : strip + placed;
        }

        return scope.Keep(strip!);
    }

    private static NetworkFacts FactsOf(IptOptions options)
    {
        options.Validate();
        // The farthest pixel of a square from one in its middle.
        return new NetworkFacts(Channels: 3, Reach: (options.Patch + options.Middle) / 2, SizeMultiple: options.Stride);
    }
}

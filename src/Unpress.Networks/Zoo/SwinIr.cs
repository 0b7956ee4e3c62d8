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
    private static readonly Op CountDown = Op.Find("aten::rsub.Scalar");
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
        return new NetworkFacts(options.Channels, SwinWindows.ReceptiveField(options), options.Window);
    }

    private Tensor Mirrored(Tensor picture, int dimension)
    {
        long size = picture.Size(dimension);
        using var scope = TensorScope.Enter();
        var there = Tensor.Range(((size / _options.Window) + 1) * _options.Window, picture.Device) % (2 * size);
        var index = Tensor.Minimum(there, CountDown.Call(there, (2 * size) - 1)); // there and back again, both ends twice
        return scope.Keep(IndexOp.Call(picture, dimension == 2 ? Value.OptionalList(null, null, index) : Value.OptionalList(null, null, null, index)));
    }

    // The authors' mean of DIV2K; nothing for gray.
    private Tensor Mean(Tensor input)
        => _options.Channels == 1
            ? Tensor.Zeros([1, 1, 1, 1], input.DType, input.Device)
            : Tensor.From(RgbMean, 1, 3, 1, 1).To(input.DType).To(input.Device);

    private static double[] Rising(double last, int count) => [.. Enumerable.Range(0, count).Select(k => count == 1 ? 0 : last * k / (count - 1))];
}

/// <summary>Residual Swin transformer block (RSTB): Swin layers, one 3×3 convolution, and the input added.</summary>
internal sealed class SwinGroup : Module
{
    private readonly SwinLayers _layers;
    private readonly Conv2d _conv;

    /// <param name="drops">For each layer of the group, the chance that it is skipped while training.</param>
    public SwinGroup(SwinIrOptions options, int heads, Tensor mask, double[] drops)
    {
        _layers = Add("residual_group", new SwinLayers(options, heads, mask, drops));
        _conv = Add("conv", Conv2d.Same(options.Width, options.Width, 3));
    }

    /// <summary>[N, H, W, C] to the same shape.</summary>
    public Tensor Forward(Tensor picture, Tensor mask)
    {
        using var scope = TensorScope.Enter();
        var deep = _layers.Forward(picture, mask);
        return scope.Keep(picture + _conv.Forward(deep.Permute(0, 3, 1, 2)).Permute(0, 2, 3, 1));
    }

    /// <summary>The layers under the name that the official files give them.</summary>
    private sealed class SwinLayers : Module
    {
        private readonly SwinBlock[] _blocks;

        public SwinLayers(SwinIrOptions options, int heads, Tensor mask, double[] drops)
            => _blocks = [.. drops.Select((drop, k) => Add($"blocks.{k}", new SwinBlock(options, heads, k % 2 == 0 ? null : mask, drop)))];

        public Tensor Forward(Tensor picture, Tensor mask)
        {
            var x = picture.Alias();
            foreach (var block in _blocks)
            {
                using var previous = x;
                x = block.Forward(previous, mask);
            }

            return x;
        }
    }
}

/// <summary>Options of <see cref="SwinIr"/>. The defaults are the published colour model for JPEG (SwinIR-M, 126×126 training patches).</summary>
public sealed record SwinIrOptions
{
    /// <summary>1 (gray) or 3 (RGB); both are published.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside (embed_dim); a multiple of every entry of <see cref="Heads"/>.</summary>
    public int Width { get; init; } = 180;

    /// <summary>Swin layers in each residual group.</summary>
    public int[] Depths { get; init; } = [6, 6, 6, 6, 6, 6];

    /// <summary>Attention heads in each residual group.</summary>
    public int[] Heads { get; init; } = [6, 6, 6, 6, 6, 6];

    /// <summary>Side of an attention window: 7 for JPEG, so that windows never lie on the 8×8 blocks.</summary>
    public int Window { get; init; } = 7;

    /// <summary>Hidden channels of the two-layer perceptrons, relative to <see cref="Width"/>.</summary>
    public double MlpRatio { get; init; } = 2;

    /// <summary>Side of the training patches: the official files hold the attention masks of this size.</summary>
    public int TrainingSize { get; init; } = 126;

    /// <summary>White inside the network (img_range): 255 for JPEG, 1 for the authors' other tasks.</summary>
    public double Range { get; init; } = 255;

    /// <summary>
    /// Stochastic depth while training: the chance that the last layer is left out for a picture, rising to it in a straight line from 0
    /// at the first.
    /// </summary>
    public double DropPath { get; init; } = 0.1;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Layers(Depths.Length, name: "number of depths");
        Require.LayerCounts(Depths, Depths.Length);
        Require.Layers(Depths.Sum(), name: "sum of depths");
        Require.LayerCounts(Heads, Depths.Length);
        Require.Width(Width);
        if (Heads.Any(heads => Width % heads != 0))
            throw new ArgumentException($"width is {Width}, must be a multiple of every number of heads");
        // The masks grow with the fourth power of the window, and with the square of the training size.
        Require.Within(Window, 2, 32);
        Require.Within(TrainingSize, Window, 1024);
        if (TrainingSize % Window != 0)
            throw new ArgumentException($"trainingSize is {TrainingSize}, must be a multiple of the window, {Window}");
        Require.Within(MlpRatio, 0, 100);
        if (Width * MlpRatio < 1)
            throw new ArgumentException("mlpRatio: must leave the perceptrons a channel");
        if (!(Range > 0 && DropPath is >= 0 and < 1))
            throw new ArgumentException("range: more than 0; dropPath: from 0 to below 1");
    }
}

/// <summary>One Swin layer: x + attention(norm(x)) in windows, then x + MLP(norm(x)). Windows of every second layer lie half a window off.</summary>
internal sealed class SwinBlock : Module
{
    /// <summary>The authors' truncated normal: cut at ±2, a hundred deviations, so a plain normal.</summary>
    public const double Deviation = 0.02;

    private readonly SwinIrOptions _options;
    private readonly double _drop;
    private readonly Tensor? _mask;
    private readonly LayerNorm _norm1, _norm2;
    private readonly WindowAttention _attention;
    private readonly SwinMlp _mlp;

    /// <param name="mask">The mask of the training size; null where the windows are not shifted. The block takes an alias of it.</param>
    /// <param name="drop">The chance that a picture skips this layer while training.</param>
    public SwinBlock(SwinIrOptions options, int heads, Tensor? mask, double drop)
    {
        (_options, _drop) = (options, drop);
        if (mask is not null)
            _mask = AddBuffer("attn_mask", mask.Alias());
        _norm1 = Add("norm1", new LayerNorm(options.Width));
        _attention = Add("attn", new WindowAttention(options.Width, options.Window, heads));
        _norm2 = Add("norm2", new LayerNorm(options.Width));
        _mlp = Add("mlp", new SwinMlp(options.Width, (long)(options.Width * options.MlpRatio)));
    }

    /// <param name="picture">[N, H, W, C].</param>
    /// <param name="mask">For this size; used where the windows are shifted.</param>
    public Tensor Forward(Tensor picture, Tensor mask)
    {
        using var scope = TensorScope.Enter();
        var shape = picture.Shape;
        bool isTrainingSize = shape[1] == _options.TrainingSize && shape[2] == _options.TrainingSize;
        int shift = _mask is null ? 0 : _options.Window / 2;
        var normal = _norm1.Forward(picture);
        var windows = SwinWindows.Cut(shift == 0 ? normal : SwinWindows.Roll(normal, -shift), _options.Window);
        var mixed = _attention.Forward(windows, _mask is null ? null : isTrainingSize ? _mask : mask);
        var joined = SwinWindows.Join(mixed, _options.Window, shape[1], shape[2]);
        var attended = picture + Drop(shift == 0 ? joined : SwinWindows.Roll(joined, shift));
        return scope.Keep(attended + Drop(_mlp.Forward(_norm2.Forward(attended))));
    }

    /// <summary>The authors' start for linear layers.</summary>
    public static Linear Start(Linear layer)
    {
        Init.Normal(layer.Weight, 0, Deviation);
        Init.Constant(layer.Bias!, 0);
        return layer;
    }

    // Whole pictures of the batch skip the layer; the others are scaled so that the mean stays.
    private Tensor Drop(Tensor change)
    {
        if (!Training || _drop == 0)
            return change;
        return change * (Tensor.Bernoulli(1 - _drop, [change.Size(0), 1, 1, 1], change.DType, change.Device) / (1 - _drop));
    }
}

/// <summary>Linear, GELU, linear, for each pixel: [.., C] to [.., C].</summary>
internal sealed class SwinMlp : Layer
{
    private readonly Linear _fc1, _fc2;

    public SwinMlp(long width, long hidden)
    {
        _fc1 = Add("fc1", SwinBlock.Start(new Linear(width, hidden)));
        _fc2 = Add("fc2", SwinBlock.Start(new Linear(hidden, width)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_fc2.Forward(Functional.Gelu(_fc1.Forward(input))));
    }
}

/// <summary>Multi-head self-attention inside windows, with a learned bias for every distance between two pixels of a window.</summary>
internal sealed class WindowAttention : Module
{
    private static readonly Op IndexOp = Op.Find("aten::index.Tensor");
    private readonly Tensor _biasTable;
    private readonly Tensor _biasIndex;
    private readonly Linear _qkv;
    private readonly Linear _proj;
    private readonly int _heads;
    private readonly int _tokens;

    public WindowAttention(int width, int window, int heads)
    {
        (_heads, _tokens) = (heads, window * window);
        _biasTable = AddParameter("relative_position_bias_table", Tensor.Empty([((2 * window) - 1) * ((2 * window) - 1), heads]));
        Init.Normal(_biasTable, 0, SwinBlock.Deviation);
        _biasIndex = AddBuffer("relative_position_index", SwinWindows.RelativeIndex(window));
        _qkv = Add("qkv", SwinBlock.Start(new Linear(width, 3 * width)));
        _proj = Add("proj", SwinBlock.Start(new Linear(width, width)));
    }

    /// <param name="windows">[N·windows, w², C].</param>
    /// <param name="mask">[windows, w², w²], added to the attention; null for windows that are not shifted.</param>
    public Tensor Forward(Tensor windows, Tensor? mask)
    {
        using var scope = TensorScope.Enter();
        var shape = windows.Shape;
        long count = shape[0], width = shape[2], perHead = width / _heads;
        var qkv = _qkv.Forward(windows).Reshape(count, _tokens, 3, _heads, perHead).Permute(2, 0, 3, 1, 4); // 3 × [count, heads, w², C/heads]
        var query = Part(qkv, 0) * Math.Pow(perHead, -0.5);
        var scores = query.MatMul(Part(qkv, 1).Transpose(-2, -1)) + Bias();
        if (mask is not null)
            scores = (scores.Reshape(-1, mask.Size(0), _heads, _tokens, _tokens) + mask.Unsqueeze(1).Unsqueeze(0))
                .Reshape(count, _heads, _tokens, _tokens);
        var mixed = Functional.Softmax(scores, -1).MatMul(Part(qkv, 2));
        return scope.Keep(_proj.Forward(mixed.Transpose(1, 2).Reshape(count, _tokens, width)));
    }

    private static Tensor Part(Tensor qkv, int index) => qkv.Narrow(0, index, 1).Squeeze(0);

    private Tensor Bias()
        => IndexOp.Call(_biasTable, Value.OptionalList(_biasIndex)).Permute(2, 0, 1).Unsqueeze(0);
}

/// <summary>The windows of a Swin transformer: pictures cut into w×w squares, who may attend to whom, and how far that reaches.</summary>
internal static class SwinWindows
{
    private static readonly Op IndexOp = Op.Find("aten::index.Tensor");

    /// <summary>[N, H, W, C] to [N·windows, w·w, C], windows row by row. H and W are multiples of w.</summary>
    public static Tensor Cut(Tensor picture, int window)
    {
        var (n, h, w, c) = Sizes(picture);
        return picture.Reshape(n, h / window, window, w / window, window, c).Permute(0, 1, 3, 2, 4, 5).Reshape(-1, window * window, c);
    }

    /// <summary>The inverse of <see cref="Cut"/>.</summary>
    public static Tensor Join(Tensor windows, int window, long height, long width)
        => windows.Reshape(-1, height / window, width / window, window, window, windows.Size(-1))
            .Permute(0, 1, 3, 2, 4, 5).Reshape(-1, height, width, windows.Size(-1));

    /// <summary>[N, H, W, C] moved cyclically by <paramref name="shift"/> rows and columns; negative is up and left.</summary>
    public static Tensor Roll(Tensor picture, int shift) => Roll(Roll(picture, shift, 1), shift, 2);

    /// <summary>
    /// What is added to the attention of the shifted windows, [windows, w², w²]: 0 between pixels that were neighbours before the shift,
    /// −100 between those that the cyclic move brought together from opposite borders.
    /// </summary>
    public static Tensor Mask(int window, int shift, int height, int width)
    {
        // Only the last row and column of windows hold pixels of two sides: there are four kinds of windows.
        int tokens = window * window, across = width / window, down = height / window;
        var kinds = new float[4 * tokens * tokens];
        for (int kind = 0; kind < 4; kind++)
            for (int a = 0; a < tokens; a++)
                for (int b = 0; b < tokens; b++)
                    kinds[(((kind * tokens) + a) * tokens) + b] = Side(kind, a) == Side(kind, b) ? 0 : -100;
        var lastRow = Tensor.Range(down).AtLeast(down - 1).To(DType.Int64).Unsqueeze(1);
        var lastColumn = Tensor.Range(across).AtLeast(across - 1).To(DType.Int64).Unsqueeze(0);
        var kindOf = (lastRow + lastRow + lastColumn).Reshape(-1);
        return IndexOp.Call(Tensor.From(kinds, 4, tokens, tokens), Value.OptionalList(kindOf));

        int Side(int kind, int token)
            => (kind >= 2 && token / window >= window - shift ? 2 : 0) + (kind % 2 == 1 && token % window >= window - shift ? 1 : 0);
    }

    /// <summary>Row of the bias table for each pair of pixels of a window, [w², w²]: their distance down and right, each 0..2w−2.</summary>
    public static Tensor RelativeIndex(int window)
    {
        int tokens = window * window;
        var index = new long[tokens * tokens];
        for (int a = 0; a < tokens; a++)
            for (int b = 0; b < tokens; b++)
                index[(a * tokens) + b] = (((a / window) - (b / window) + window - 1) * ((2 * window) - 1)) + (a % window) - (b % window) + window - 1;
        return Tensor.From(index, tokens, tokens);
    }

    /// <summary>Pixels that an output pixel sees in one direction at most, found by walking back through the layers from every place in a window.</summary>
    public static int ReceptiveField(SwinIrOptions options)
    {
        int receptiveField = 0;
        for (int pixel = 0; pixel < options.Window; pixel++)
        {
            int low = pixel - 2, high = pixel + 2; // conv_last and conv_after_body
            foreach (int depth in options.Depths.Reverse())
            {
                (low, high) = (low - 1, high + 1); // the group's convolution
                for (int layer = depth - 1; layer >= 0; layer--)
                {
                    int shift = layer % 2 == 0 ? 0 : options.Window / 2;
                    low = Floor(low - shift, options.Window) + shift;
                    high = Floor(high - shift, options.Window) + options.Window - 1 + shift;
                }
            }

            receptiveField = Math.Max(receptiveField, Math.Max(pixel - low, high - pixel) + 1); // conv_first
        }

        return receptiveField;
    }

    private static Tensor Roll(Tensor picture, int shift, int dimension)
    {
        long size = picture.Size(dimension), first = shift > 0 ? size - shift : -shift;
        return Tensor.Cat([picture.Narrow(dimension, first, size - first), picture.Narrow(dimension, 0, first)], dimension);
    }

    private static int Floor(int value, int window) => (int)Math.Floor(value / (double)window) * window;

    private static (long N, long H, long W, long C) Sizes(Tensor picture)
    {
        var shape = picture.Shape;
        return (shape[0], shape[1], shape[2], shape[3]);
    }
}

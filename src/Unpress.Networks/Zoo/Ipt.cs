using System.Globalization;
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
        if (Op.IsObserved)
            return scope.Keep(Cut(LaidDown(StripOf(cut), down, stride, times), times));
        var sum = Tensor.Zeros([shape[0], 3, ((down - 1) * stride) + middle, ((across - 1) * stride) + middle], input.DType, input.Device);
        for (long y = 0; y < down; y++)
        {
            using var strip = StripOf(cut.Narrow(2, y, 1));
            using var place = sum.Narrow(2, y * stride, middle);
            AddInPlaceOp.Run(place, strip, 1);
            conditions.Progress?.Invoke((y + 1.0) / down);
        }

        return scope.Keep(Cut(sum, times));

        // Each pixel is the sum of several squares.
        Tensor Cut(Tensor laid, long times)
        {
            long before = half - ((patch - middle) / 2);
            return laid.Narrow(2, before, shape[2]).Narrow(3, before, shape[3]) / (times * times);
        }
    }

    /// <summary>All strips at once, [N · down, 3, middle, W], one below the other, each <paramref name="stride"/> pixels further.</summary>
    private static Tensor LaidDown(Tensor strips, long down, int stride, long times)
    {
        long width = strips.Size(3), middle = strips.Size(2);
        var rows = strips.Reshape(-1, down, 3, middle, width);
        Tensor? sum = null;
        for (long y = 0; y < times; y++)
        {
            var parts = rows.Narrow(3, y * stride, stride).Permute(0, 2, 1, 3, 4).Reshape(-1, 3, down * stride, width);
            var placed = Functional.Pad(parts, 0, 0, y * stride, (times - 1 - y) * stride, Padding.Zero);
            sum = sum is null ? placed : sum + placed;
        }

        return sum!;
    }

    /// <summary>
    /// The squares of a row, [N, 3, 1, across, P, P], restored and laid side by side: [N, 3, middle, W]; those of several rows one after
    /// the other.
    /// </summary>
    private Tensor StripOf(Tensor row)
    {
        using var scope = TensorScope.Enter();
        int patch = _options.Patch, stride = _options.Stride, middle = _options.Middle, edge = (patch - middle) / 2;
        var squares = row.Permute(0, 2, 3, 1, 4, 5).Reshape(-1, 3, patch, patch);
        var restored = new List<Tensor>();
        long atOnce = Op.IsObserved || squares.Device.IsMeta ? squares.Size(0) : SquaresAtOnce;
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
        return new NetworkFacts(Channels: 3, ReceptiveField: (options.Patch + options.Middle) / 2, SizeMultiple: options.Stride);
    }
}

/// <summary>Learned numbers that are looked up, one row for each place: PyTorch's Embedding, from the normal distribution.</summary>
internal sealed class IptTable : Module
{
    public IptTable(long rows, long width) => Weight = AddParameter("weight", Tensor.Randn([rows, width]));

    /// <summary>[rows, width].</summary>
    public Tensor Weight { get; }
}

/// <summary>x + conv(ReLU(conv(x))), 5×5, named body.0 and body.2.</summary>
internal sealed class IptBlock : Layer
{
    private readonly Sequential _body;

    public IptBlock(long channels)
        => _body = Add("body", new Sequential(Conv2d.Same(channels, channels, 5), new Relu(), Conv2d.Same(channels, channels, 5)));

    public override Tensor Forward(Tensor input)
    {
        using var change = _body.Forward(input);
        return input + change;
    }
}

/// <summary>Adds the mean colour of DIV2K or takes it away: a 1×1 convolution that the authors' files hold, though nobody trains it.</summary>
internal sealed class IptMeanShift : Layer
{
    private readonly Tensor _weight, _bias;

    /// <param name="white">White inside the network; negative to take the mean away.</param>
    public IptMeanShift(double white)
    {
        float[] mean = [.. new[] { 0.4488, 0.4371, 0.4040 }.Select(part => (float)(white * part))];
        _weight = AddBuffer("weight", Tensor.From<float>([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3, 1, 1));
        _bias = AddBuffer("bias", Tensor.From(mean, 3));
    }

    public override Tensor Forward(Tensor input) => Functional.Conv2d(input, _weight, _bias);
}

/// <summary>IPT's transformer over one square: features [N, C, P, P] to the same. The feature square is cut into tokens and put together again.</summary>
internal sealed class IptBody : Module
{
    private readonly IptOptions _options;
    private readonly Linear _encoding, _head0, _head3;
    private readonly Tensor _task, _positions;
    private readonly IptLayer[] _encoder, _decoder;

    public IptBody(IptOptions options)
    {
        _options = options;
        long width = options.Embedding, tokens = options.Patch / options.Token * (options.Patch / options.Token);
        _encoding = Add("linear_encoding", new Linear(width, width));
        _head0 = Add("mlp_head.0", new Linear(width, 4 * width));
        _head3 = Add("mlp_head.3", new Linear(4 * width, width));
        _task = Add("query_embed", new IptTable(1, width * tokens)).Weight;
        _encoder = Layers("encoder", decodes: false);
        _decoder = Layers("decoder", decodes: true);
        _positions = Add("position_encoding", new IptPositions(tokens, width)).Weight;
    }

    public Tensor Forward(Tensor features)
    {
        using var scope = TensorScope.Enter();
        long width = _options.Width, token = _options.Token, across = _options.Patch / token;
        var x = features.Reshape(-1, width, across, token, across, token).Permute(0, 2, 4, 1, 3, 5)
            .Reshape(-1, across * across, _options.Embedding);
        x = x + _encoding.Forward(x) + _positions;
        foreach (var layer in _encoder)
            x = layer.Forward(x);
        var memory = x;
        var task = _task.Reshape(1, x.Size(1), x.Size(2));
        foreach (var layer in _decoder)
            x = layer.Forward(x, memory, task);
        x = x + _head3.Forward(Functional.Relu(_head0.Forward(x)));
        return scope.Keep(x.Reshape(-1, across, across, width, token, token).Permute(0, 3, 1, 4, 2, 5)
            .Reshape(-1, width, _options.Patch, _options.Patch));
    }

    private IptLayer[] Layers(string name, bool decodes)
        => [.. Enumerable.Range(0, _options.Layers).Select(k => Add(
            string.Create(CultureInfo.InvariantCulture, $"{name}.layers.{k}"), new IptLayer(_options.Embedding, _options.Heads, decodes)))];
}

/// <summary>What is added to each token for its place, with the list of places that the authors' files hold beside it.</summary>
internal sealed class IptPositions : Module
{
    public IptPositions(long tokens, long width)
    {
        Weight = Add("pe", new IptTable(tokens, width)).Weight;
        AddBuffer("position_ids", Tensor.From([.. Enumerable.Range(0, (int)tokens).Select(k => (long)k)], 1, tokens));
    }

    /// <summary>[tokens, width].</summary>
    public Tensor Weight { get; }
}

/// <summary>
/// One layer of IPT's transformer, normalised before each part: attention over the tokens themselves, in the decoder attention over what the
/// encoder found, and a two-layer perceptron, each added to its input.
/// </summary>
internal sealed class IptLayer : Module
{
    private readonly IptAttention _self;
    private readonly IptAttention? _cross;
    private readonly Linear _linear1, _linear2;
    private readonly LayerNorm[] _norms;

    /// <param name="decodes">True in the decoder: with attention over the encoder's tokens.</param>
    public IptLayer(long width, int heads, bool decodes)
    {
        _self = Add("self_attn", new IptAttention(width, heads));
        if (decodes)
            _cross = Add("multihead_attn", new IptAttention(width, heads));
        _linear1 = Add("linear1", new Linear(width, 4 * width));
        _linear2 = Add("linear2", new Linear(4 * width, width));
        _norms = [.. Enumerable.Range(1, decodes ? 3 : 2).Select(k => Add($"norm{k}", new LayerNorm(width)))];
    }

    /// <summary>A layer of the encoder: [N, tokens, C] to the same.</summary>
    public Tensor Forward(Tensor tokens)
    {
        using var scope = TensorScope.Enter();
        var normal = _norms[0].Forward(tokens);
        return scope.Keep(Perceive(tokens + _self.Forward(normal, normal, normal)));
    }

    /// <summary>A layer of the decoder.</summary>
    /// <param name="memory">The encoder's tokens, [N, tokens, C].</param>
    /// <param name="task">What is added to the queries (and to the keys of the tokens themselves), [1, tokens, C].</param>
    public Tensor Forward(Tensor tokens, Tensor memory, Tensor task)
    {
        using var scope = TensorScope.Enter();
        var normal = _norms[0].Forward(tokens);
        var asked = normal + task;
        var x = tokens + _self.Forward(asked, asked, normal);
        return scope.Keep(Perceive(x + _cross!.Forward(_norms[1].Forward(x) + task, memory, memory)));
    }

    private Tensor Perceive(Tensor x) => x + _linear2.Forward(Functional.Relu(_linear1.Forward(_norms[^1].Forward(x))));
}

/// <summary>Multi-head attention without biases; tensors and names as in PyTorch's MultiheadAttention.</summary>
internal sealed class IptAttention : Module
{
    private readonly Tensor _inWeight;
    private readonly Linear _out;
    private readonly int _heads;

    public IptAttention(long width, int heads)
    {
        _heads = heads;
        _inWeight = AddParameter("in_proj_weight", Tensor.Empty([3 * width, width]));
        Init.Usual(_inWeight);
        _out = Add("out_proj", new Linear(width, width, bias: false));
    }

    /// <summary>All [N, tokens, C]; for each query the mean of the values, weighted by how well their keys match.</summary>
    public Tensor Forward(Tensor query, Tensor key, Tensor value)
    {
        using var scope = TensorScope.Enter();
        long width = query.Size(2);
        var q = Heads(Project(query, 0)) * Math.Pow(width / (double)_heads, -0.5);
        var weights = Functional.Softmax(q.MatMul(Heads(Project(key, 1)).Transpose(-2, -1)), -1);
        var mixed = weights.MatMul(Heads(Project(value, 2))); // [N, heads, tokens, C/heads]
        return scope.Keep(_out.Forward(mixed.Transpose(1, 2).Reshape(-1, query.Size(1), width)));
    }

    private Tensor Project(Tensor input, int part)
    {
        long width = input.Size(2);
        return Functional.Linear(input, _inWeight.Narrow(0, part * width, width), null);
    }

    private Tensor Heads(Tensor input) => input.Reshape(-1, input.Size(1), _heads, input.Size(2) / _heads).Transpose(1, 2);
}

/// <summary>Options of <see cref="Ipt"/>; the defaults are the published network for one task at the picture's own size.</summary>
public sealed record IptOptions
{
    /// <summary>Channels of the convolutions.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Side of the squares that the transformer sees, in pixels.</summary>
    public int Patch { get; init; } = 48;

    /// <summary>Side of a token in pixels; the transformer has Width · Token² channels.</summary>
    public int Token { get; init; } = 3;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Layers of the encoder, and of the decoder.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>
    /// Pixels between two squares. Of each its middle half counts: with a quarter of the patch, as published, every pixel is the mean of four
    /// squares; with half of it of one, in a quarter of the time. With three quarters that much of each counts, in a ninth of the time.
    /// </summary>
    public int Stride { get; init; } = 12;

    /// <summary>White inside the network (rgb_range).</summary>
    public double Range { get; init; } = 255;

    /// <summary>Channels of the transformer.</summary>
    internal int Embedding => Width * Token * Token;

    /// <summary>Side of the part of a square that counts, in pixels.</summary>
    internal int Middle => Math.Max(Patch / 2, Stride);

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Width(Width);
        Require.Layers(Layers);
        Require.Within(Patch, 4, 512);
        Require.Within(Token, 1, Patch);
        if (!(Range > 0))
            throw new ArgumentException("range: more than 0");
        if (Heads < 1 || Embedding % Heads != 0)
            throw new ArgumentException($"heads {Heads}: a divisor of width · token², {Embedding}");
        if (Patch % 4 != 0 || Patch % Token != 0)
            throw new ArgumentException($"patch {Patch}: a multiple of 4 and of the token, {Token}");
        if (Stride < 1 || (Patch / 2 % Stride != 0 && (Stride * 4 != Patch * 3 || Patch % 8 != 0)))
            throw new ArgumentException($"stride {Stride}: a divisor of half the patch, {Patch / 2}, or three quarters of a patch that is a multiple of 8");
    }
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// RBQE: Xing, Xu, Li, Guan, "Early Exit or Not: Resource-Efficient Blind Quality Enhancement for Compressed Images", ECCV 2020, in the form
/// of PowerQE v3, names as there. Five nested U-Nets share one encoder and reach ever deeper; each has an output, and a picture leaves at
/// the first that <see cref="BlindQuality"/> finds good enough. Nothing is computed for the exits behind it.
/// In training the result is the last exit; <see cref="AllExits"/> gives every one for the loss.
/// Our readings: the assessment looks at the luma by the paper's MATLAB definition (PowerQE looks at red, with patches one pixel off, and
/// has other thresholds); a batch is decided picture by picture; a picture too large for the memory is decided by its middle.
/// </summary>
public sealed class Rbqe : Network, IEarlyExit
{
    private static readonly Op AtLeast = Op.Find("aten::ge.Scalar");
    private readonly Sequential _in;
    private readonly Sequential[] _down;   // _down[u]: from level u to level u + 1
    private readonly RbqeUp[][] _up;       // _up[u][k]: from level u - k + 1 to level u - k, in U-Net u
    private readonly Sequential[] _out;
    private readonly double _threshold;
    private readonly int _block;

    public Rbqe(RbqeOptions options)
        : base(new NetworkFacts(options.Channels, ReachOf(options.Depth), SizeMultiple: 1 << options.Depth) { SeesWhole = options.Attention })
    {
        options.Validate();
        var (width, depth) = (options.Width, options.Depth);
        _block = options.Codec == RbqeCodec.Hevc ? 4 : 8;
        _threshold = options.Threshold ?? (options.Codec == RbqeCodec.Hevc ? 0.89 : 0.79);
        _in = Add("in_conv_seq", new Sequential(Conv2d.Same(options.Channels, width, 3), new Relu(), Conv2d.Same(width, width, 3)));
        _down = [.. Enumerable.Range(0, depth).Select(u => Add($"down_{u}.layers", Down(width, options.Attention)))];
        _up = [.. Enumerable.Range(0, depth).Select(u => Enumerable.Range(0, u + 1)
            .Select(k => Add($"up_{u}_{k}", new RbqeUp(width, k + 1, options.Attention))).ToArray())];
        _out = [.. Enumerable.Range(0, options.EarlyExit ? depth : 1).Select(_ => Out(options))];
        for (int exit = 0; exit < _out.Length; exit++)
        {
            // Without attention an output is one layer, and its name has no index.
            string name = $"out_layers.{exit}";
            if (options.Attention)
                Add(name, _out[exit]);
            else
                Add(name, _out[exit].Layers[0]);
        }
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<RbqeOptions>(
        "rbqe", "RBQE: nested U-Nets, stops early where a picture is good enough", "Xing et al., ECCV 2020", options => new Rbqe(options)) with
    {
        Licence = "PowerQE's weights: non-commercial use (RyanXingQL License 1.0)",
    };

    /// <summary>How many exits there are.</summary>
    public int Exits => _out.Length;

    /// <summary>What every exit gives, the first exit first: for the loss of all exits. [N,C,H,W] of any size.</summary>
    public Tensor[] AllExits(Tensor input) => [.. RunExits(input)];

    /// <inheritdoc/>
    public IReadOnlyList<(Tensor Output, Tensor IsGood)> AllJudged(Tensor input)
        => [.. RunExits(input).Select(output => (output, AtLeast.Call(BlindQuality.ScoreOf(output, _block), _threshold)))];

    /// <summary>Decides at which exit to stop.</summary>
    public override Conditions Survey(Tensor whole, Conditions given)
    {
        if (given.Exit is not null || Exits == 1)
            return given;
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        return given with { Exit = Decide(whole).Exit };
    }

    /// <summary>To the last exit.</summary>
    public override Conditions WithMostWork(Conditions given) => given with { Exit = Exits - 1 };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        if (conditions.Exit is { } chosen)
        {
            if (chosen < 0 || chosen >= Exits)
                throw new ArgumentException($"exit {chosen} is asked for, the network has 0..{Exits - 1}");
            return RunExits(input, from: chosen).First();
        }

        // Shapes alone cannot be judged: they go the longest way.
        if (Training || Exits == 1 || input.Device.IsMeta)
            return RunExits(input, from: Exits - 1).First();
        long count = input.Size(0);
        return count == 1
            ? Decide(input).Output
            : Tensor.Cat([.. Enumerable.Range(0, (int)count).Select(n => Decide(input.Narrow(0, n, 1)).Output)], 0);
    }

    /// <summary>None: going down rounds up, coming up is cropped, so every size comes back as it was. Only tiles lie on the grid.</summary>
    protected override long Missing(long size) => 0;

    private (int Exit, Tensor Output) Decide(Tensor picture)
    {
        int exit = 0;
        foreach (var output in RunExits(picture))
        {
            if (exit == Exits - 1 || BlindQuality.Score(output, _block) >= _threshold)
                return (exit, output);
            exit++;
        }

        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>Exit after exit from a given one on, each computed when it is asked for.</summary>
    private IEnumerable<Tensor> RunExits(Tensor input, int from = 0)
    {
        int depth = _down.Length, skipped = depth - Exits; // U-Nets without an output: all but the last, or none
        List<Tensor>[] features = [.. Enumerable.Range(0, depth + 1).Select(_ => new List<Tensor>())]; // by level
        features[0].Add(_in.Forward(input));
        for (int u = 0; u < depth; u++)
        {
            features[u + 1].Add(_down[u].Forward(features[u][0]));
            for (int k = 0; k <= u; k++)
                features[u - k].Add(_up[u][k].Forward(features[u - k + 1][^1], features[u - k]));
            if (u - skipped >= from)
                yield return input + _out[u - skipped].Forward(features[0][^1]);
        }
    }

    // No activation between these: so it is in PowerQE, on which the papers build.
    private static Sequential Down(int width, bool attention)
    {
        Layer first = Conv2d.Same(width, width, 3), last = Conv2d.Same(width, width, 3);
        var half = new Conv2d(width, width, 3, stride: 2, padding: 1);
        return attention ? new Sequential(new ChannelGate(), first, half, new ChannelGate(), last) : new Sequential(first, half, last);
    }

    private static Sequential Out(RbqeOptions options)
    {
        Layer last = Conv2d.Same(options.Width, options.Channels, 3);
        return options.Attention ? new Sequential(new ChannelGate(), last) : new Sequential(last);
    }

    // The deepest U-Net. Going down at level l: two 3×3 at its scale and one at the next, 4 · 2^l pixels; coming up: a transposed
    // convolution and two 3×3, 3 · 2^l. Two convolutions before, one after.
    private static int ReachOf(int depth) => 3 + (7 * ((1 << depth) - 1));
}

/// <summary>The codec whose block edges RBQE's quality assessment looks for.</summary>
public enum RbqeCodec
{
    /// <summary>Blocks of 8×8.</summary>
    Jpeg,

    /// <summary>Blocks of 4×4, the smallest transform.</summary>
    Hevc,
}

/// <summary>
/// ECA, efficient channel attention (Wang et al., CVPR 2020): each channel is scaled by a sigmoid of its mean and its two neighbours'.
/// </summary>
internal sealed class ChannelGate : Layer
{
    private static readonly Op Conv1d = Op.Find("aten::conv1d");

    private readonly Tensor _weight;

    public ChannelGate()
    {
        _weight = AddParameter("conv.weight", Tensor.Empty([1, 1, 3]));
        Init.Usual(_weight);
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var shape = input.Shape;
        var means = input.Mean([2, 3]).Unsqueeze(1);                                             // [N, 1, C]
        var gate = Conv1d.Call(means, _weight, Value.None, new[] { 1L }, new[] { 1L }).Sigmoid(); // [N, 1, C]
        return scope.Keep(input * gate.Reshape(shape[0], shape[1], 1, 1));
    }
}

/// <summary>
/// One node of RBQE's decoders: the features from below, brought up by a transposed convolution, and all earlier features of this level,
/// through two convolutions.
/// </summary>
internal sealed class RbqeUp : Module
{
    private readonly ConvTranspose2d _up;
    private readonly Sequential _layers;

    /// <param name="earlier">How many features of this level there are before.</param>
    public RbqeUp(int width, int earlier, bool attention)
    {
        int all = width * (earlier + 1);
        _up = Add("up", new ConvTranspose2d(width, width, 3, stride: 2, padding: 1));
        Layer first = Conv2d.Same(all, width, 3), second = Conv2d.Same(width, width, 3);
        _layers = Add("layers", attention
            ? new Sequential(new ChannelGate(), first, new Relu(), new ChannelGate(), second)
            : new Sequential(first, new Relu(), second));
    }

    public Tensor Forward(Tensor below, IReadOnlyList<Tensor> earlier)
    {
        using var scope = TensorScope.Enter();
        var up = SizeFit.Centre(_up.Forward(below), earlier[0]);
        return scope.Keep(_layers.Forward(Tensor.Cat([up, .. earlier], 1)));
    }
}

/// <summary>Options of <see cref="Rbqe"/>.</summary>
public sealed record RbqeOptions
{
    // Each level halves the picture and takes part in all deeper U-Nets.
    private const int MostDepth = 10;

    /// <summary>1 (luma, as in the paper) or 3 (RGB, as in PowerQE).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels at every level.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Nested U-Nets; number u reaches down u levels.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>An output after each U-Net (blind, early exit). False: only after the last, PowerQE's non-blind configuration.</summary>
    public bool EarlyExit { get; init; } = true;

    /// <summary>Efficient channel attention (ECA) before the convolutions.</summary>
    public bool Attention { get; init; }

    /// <summary>The codec whose block edges the quality assessment looks for.</summary>
    public RbqeCodec Codec { get; init; }

    /// <summary>
    /// The score from which on a picture is good enough to leave; null is the paper's for the codec, measured on luma: 0.79 for JPEG, 0.89
    /// for HEVC. A threshold belongs to the weights. Scores are 0 to 1: with -1 every picture leaves at the first exit, with 2 none before the last.
    /// </summary>
    public double? Threshold { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Within(Depth, 1, MostDepth);
        if (Threshold is { } threshold)
            Require.Within(threshold, -1, 2);
    }
}

/// <summary>
/// RBQE's quality assessment (IQAM), by its MATLAB definition: a picture's score without its original, near 1 when no damage of
/// compression is seen. Blocks are looked at half a block off the codec's grid, so that its edges run through their middle. In smooth
/// blocks the highest Tchebichef moment tells how much of the energy is not a block edge; in textured ones, how much blurring the block
/// once more changes its moments tells how sharp it was (Xing et al., ECCV 2020, section 3.4).
/// </summary>
public static class BlindQuality
{
    private const double SmoothLimit = 0.004;
    private const double Clip = 0.05;
    private const double Tiny = 1e-5;
    private const double BlockWeight = 0.9, BlurWeight = 0.1;
    private const double BlurDeviation = 5;

    /// <summary>Pixels looked at in one go: bounds the memory.</summary>
    private const long Portion = 1 << 20;

    /// <param name="picture">[1, 1 or 3, H, W], 0..1; the luma (BT.601, full range) is assessed as an 8-bit picture would store it.</param>
    /// <param name="block">The codec's block size, 8 for JPEG, 4 for HEVC.</param>
    /// <returns>0..1, higher is better; 1 for a picture too small to hold a block.</returns>
    public static double Score(Tensor picture, int block)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        return ScoreOf(picture, block).Item();
    }

    /// <summary>The score as a tensor without dimensions, in float64.</summary>
    /// <inheritdoc cref="Score"/>
    internal static Tensor ScoreOf(Tensor picture, int block)
    {
        using var scope = TensorScope.Enter();
        var luma = Luma(picture);
        long rows = (luma.Size(0) / block) - 1, columns = (luma.Size(1) / block) - 1;
        var smooth = new Mean();
        var textured = new Mean();
        long step = Op.IsObserved ? rows : rows > 0 && columns > 0 ? Math.Max(1, Portion / (columns * block * block)) : 1;
        for (long row = 0; row < rows && columns > 0; row += step)
        {
            long count = Math.Min(step, rows - row);
            var part = Assess(luma.Narrow(0, (block / 2) + (row * block), count * block).Narrow(1, block / 2, columns * block), block);
            smooth.Add(part.Free, part.Smooth);
            textured.Add(part.Sharp, part.Textured);
        }

        return scope.Keep(Power.Call(smooth.Value, BlockWeight) * Power.Call(textured.Value, BlurWeight));
    }

    /// <summary>What rows of whole blocks add: freedom of edges and number of smooth ones, sharpness and number of textured ones.</summary>
    private static (Tensor Free, Tensor Smooth, Tensor Sharp, Tensor Textured) Assess(Tensor luma, int block)
    {
        using var scope = TensorScope.Enter();
        long rows = luma.Size(0) / block, columns = luma.Size(1) / block;
        var patches = luma.Reshape(rows, block, columns, block).Permute(0, 2, 1, 3).Reshape(rows * columns, block, block);
        var basis = Tensor.From(Basis(block), block, block);
        var blur = Tensor.From(BlurMatrix(block), block, block);
        var moments = Moments(patches, basis);
        var blurred = Moments(blur.MatMul(patches).MatMul(blur), basis);

        var energy = moments.Square().Sum([1, 2]);
        var size = moments.Abs();
        var constant = size.Narrow(1, 0, 1).Narrow(2, 0, 1).Reshape(-1);
        var isTextured = Greater.Call(energy - constant.Square(), SmoothLimit).To(DType.Float64);

        var total = size.Sum([1, 2]) - constant + Tiny;
        var vertical = (size.Narrow(1, block - 1, 1).Sum([1, 2]) / total).Clamp(0, Clip);
        var horizontal = (size.Narrow(2, block - 1, 1).Sum([1, 2]) / total).Clamp(0, Clip);
        var free = (1 - ((vertical + horizontal) * 0.5)).Log() / Math.Log(1 - Clip);

        var similarity = ((moments * blurred * 2) + Tiny) / (moments.Square() + blurred.Square() + Tiny);
        var sharp = 1 - similarity.Mean([1, 2]);

        return (
            scope.Keep((free * (1 - isTextured)).Sum()), scope.Keep((1 - isTextured).Sum()),
            scope.Keep((sharp * isTextured).Sum()), scope.Keep(isTextured.Sum()));
    }

    /// <summary>[H, W] in float64, rounded to 8 bit.</summary>
    private static Tensor Luma(Tensor picture)
    {
        var x = picture.Detach().To(DType.Float64);
        var gray = x.Size(1) == 1
            ? x.Narrow(1, 0, 1)
            : (x.Narrow(1, 0, 1) * 0.299) + (x.Narrow(1, 1, 1) * 0.587) + (x.Narrow(1, 2, 1) * 0.114);
        return Round.Call(gray.Clamp(0, 1) * 255).Reshape(x.Size(2), x.Size(3)) / 255;
    }

    /// <summary>Tchebichef moments [P, B, B] of patches divided by their norm, less their mean. A black patch counts as any flat one.</summary>
    private static Tensor Moments(Tensor patches, Tensor basis)
    {
        var norm = patches.Square().Sum([1, 2], keep: true).Sqrt().Clamp(1e-12, double.MaxValue);
        var unit = patches / norm;
        return basis.MatMul(unit - unit.Mean([1, 2], keep: true)).MatMul(basis.Transpose(0, 1));
    }

    /// <summary>Orthonormal discrete Tchebichef polynomials of N points, one a row.</summary>
    internal static double[] Basis(int n)
    {
        var rows = new double[n * n];
        for (int x = 0; x < n; x++)
        {
            double before = 0, now = 1, first = (1.0 - n + (2 * x)) / n, rho = 1;
            for (int p = 0; p < n; p++)
            {
                if (p > 0)
                {
                    double ratio = (p - 1.0) / n;
                    (before, now) = (now, (((2 * p) - 1) * first * now - ((p - 1) * (1 - (ratio * ratio)) * before)) / p);
                    rho *= 1 - ((double)p * p / ((double)n * n));
                }

                rows[(p * n) + x] = now / Math.Sqrt(n / ((2.0 * p) + 1) * rho);
            }
        }

        return rows;
    }

    /// <summary>A 3-tap Gaussian as a matrix: nothing beyond the patch but zeros. Symmetric, so it serves rows and columns.</summary>
    private static double[] BlurMatrix(int n)
    {
        double side = Math.Exp(-1 / (2 * BlurDeviation * BlurDeviation));
        double sum = 1 + (2 * side);
        var matrix = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            matrix[(k * n) + k] = 1 / sum;
            if (k > 0)
                matrix[(k * n) + k - 1] = matrix[((k - 1) * n) + k] = side / sum;
        }

        return matrix;
    }

    private static readonly Op Round = Op.Find("aten::round");
    private static readonly Op Greater = Op.Find("aten::gt.Scalar");

    private static readonly Op Power = Op.Find("aten::pow.Tensor_Scalar");

    /// <summary>A mean that grows; 1 as long as nothing was added.</summary>
    private sealed class Mean
    {
        private Tensor _sum = Tensor.Zeros([], DType.Float64), _count = Tensor.Zeros([], DType.Float64);

        /// <summary>Without a branch, for a graph has none: counts are whole, so nothing lies between 0 and 1.</summary>
        public Tensor Value => (_sum + (1 - _count.Clamp(0, 1))) / _count.ClampMin(1);

        public void Add(Tensor sum, Tensor count) => (_sum, _count) = (_sum + sum, _count + count);
    }
}

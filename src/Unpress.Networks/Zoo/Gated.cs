using System.Text.Json.Nodes;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// Any network of the catalogue behind a gate: x + s·(f(x) − x), with one s in 0..1 for a picture, which a small branch finds in the whole
/// of it. What nobody compressed, and what has been enhanced already, is told from a compressed picture by evidence gathered everywhere;
/// the few pixels that a fidelity network sees do not hold enough of it. Ours: idempotent adaptation composed with a global estimate of
/// the damage, as FBCNN's and DAGN's branches make one. The tiles of a picture share its s.
/// Names: the network's own after "network.", the branch's after "gate.".
/// </summary>
public sealed class Gated : Network, IQualityPredictor
{
    private const string StrengthKey = "gate";

    private readonly Network _network;
    private readonly GateBranch _gate;

    public Gated(GatedOptions options)
        : this(options, NetworkCatalog.Find(options.Network).Create(options.Options))
    {
    }

    private Gated(GatedOptions options, Network network)
        : base(network.Facts)
    {
        options.Validate();
        _network = Add("network", network);
        _gate = Add("gate", new GateBranch(network.Facts.Channels, options.Width, options.Grid, options.Start));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<GatedOptions>(
        "gated", "any network behind a gate that leaves alone what needs nothing", "docs/idempotent.md",
        options => new Gated(options), options => options with { Options = NetworkCatalog.Find(options.Network).Resolve(options.Options) });

    /// <summary>How much a picture of any size needs: [N, 1], 0..1.</summary>
    public Tensor Strength(Tensor input)
    {
        using var need = Need(input);
        return need.Sigmoid();
    }

    /// <summary>What the network behind the gate does.</summary>
    public bool PredictsQuality => _network is IQualityPredictor { PredictsQuality: true };

    /// <exception cref="InvalidOperationException">The network behind the gate predicts none.</exception>
    public Tensor PredictQuality(Tensor input)
        => PredictsQuality
            ? ((IQualityPredictor)_network).PredictQuality(input)
            : throw new InvalidOperationException("the network behind the gate predicts no quality");

    /// <summary>Before the sigmoid: how sure the gate is that [N,C,H,W] of any size needs enhancement, [N, 1].</summary>
    public Tensor Need(Tensor input) => _gate.Forward(input);

    /// <summary>The strength, once for the whole picture, and what the network behind the gate finds in it.</summary>
    public override Conditions Survey(Tensor whole, Conditions given)
    {
        var found = _network.Survey(whole, given);
        return found with { Global = new Dictionary<string, Tensor>(found.Global) { [StrengthKey] = Strength(whole) } };
    }

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var strength = conditions.Global.TryGetValue(StrengthKey, out var surveyed) ? surveyed : Strength(input);
        return scope.Keep(input + (strength.Reshape(-1, 1, 1, 1) * (_network.Forward(input, conditions) - input)));
    }

    /// <summary>Not here: the network behind the gate pads for itself, and the gate takes any size.</summary>
    protected override Tensor Padded(Tensor input) => input.Alias();
}

/// <summary>Options of <see cref="Gated"/>.</summary>
public sealed record GatedOptions
{
    /// <summary>The restoration network behind the gate: a name of the catalogue.</summary>
    public string Network { get; init; } = "dncnn";

    /// <summary>Its options; null for its defaults. A weight file holds all of them.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>Channels of the gate's first layer; it doubles twice.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Whether the gate looks for traces of JPEG's blocks, too, and so knows high qualities.</summary>
    public bool Grid { get; init; }

    /// <summary>Where the gate starts, before its sigmoid: open, so that a trained network behind it begins as it was.</summary>
    public double Start { get; init; } = 3;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Width(Width);
        Require.Within(Start, -100, 100);
        if (Network.Equals("gated", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("network: a gate behind a gate");
    }
}

/// <summary>
/// How much a picture needs: what is left of it without the mean of each pixel's neighbourhood, where edges of blocks, rings and
/// the flatness inside of blocks show and the picture's subject hardly does; four convolutions that see two and more blocks of JPEG, their
/// means over the picture, two fully connected layers. On request with what <see cref="GridEvidence"/> counts, which convolutions do not find.
/// </summary>
internal sealed class GateBranch : Layer
{
    // Differences of neighbours are some hundredths; layers start for numbers near 1.
    private const double Scale = 16;

    private readonly Sequential _features;
    private readonly Linear _hidden, _last;
    private readonly Linear? _grid;

    public GateBranch(long channels, long width, bool grid, double start)
    {
        long deep = width * 4;
        _features = Add("features", new Sequential(
            Conv2d.Same(channels, width, 3), new Relu(),
            new Conv2d(width, width * 2, 3, stride: 2, padding: 1), new Relu(),
            new Conv2d(width * 2, deep, 3, stride: 2, padding: 1), new Relu(),
            Conv2d.Same(deep, deep, 3), new Relu()));
        _hidden = Add("hidden", new Linear(deep, deep));
        _grid = grid ? Add("grid", new Linear(GridEvidence.Count, deep)) : null;
        _last = Add("last", new Linear(deep, 1));
        Init.Constant(_last.Bias!, start);
    }

    /// <param name="input">[N,C,H,W] of any size.</param>
    /// <returns>[N, 1], to go through a sigmoid: 0 for a picture to be left alone, 1 for all that the network can do.</returns>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var detail = (input - Functional.AvgPool2d(input, 3, 1, padding: 1, countPadding: false)) * Scale;
        var hidden = _hidden.Forward(_features.Forward(detail).Mean([2, 3]));
        if (_grid is not null) // evidence to judge by, not to be trained away in the picture: hence detached
            hidden += _grid.Forward(GridEvidence.In(input.Detach()));
        return scope.Keep(_last.Forward(Functional.Relu(hidden)));
    }
}

/// <summary>
/// Traces of JPEG's quantisation, counted over the whole picture. On the grid on which a picture was compressed, and on no other of the 64 that 8×8
/// blocks can have, many cosine coefficients are zero but for the rounding of pixels. That holds up to the highest qualities, where the steps
/// between blocks are less than a grey level. Which grid it is does not matter, nor does a crop.
/// </summary>
internal static class GridEvidence
{
    private const int Block = 8;

    // A coefficient that was zero differs from it by 0.3 grey levels, for the rounding of pixels.
    private const double Width = 0.7;

    private static readonly Op Highest = Op.Find("aten::amax");

    // The frequencies that told raw pictures from QF 60 to 95 best; lower ones are seldom zero, higher ones are so in raw pictures, too.
    private static readonly (int Row, int Column)[] Frequencies = [(4, 4), (5, 5), (3, 6), (6, 3)];

    private static readonly double[] Luma = [0.299, 0.587, 0.114];

    public static long Count => 2 * Frequencies.Length;

    /// <param name="input">[N,C,H,W], 0..1, colour or gray.</param>
    /// <returns>[N, <see cref="Count"/>]: how far the best grid stands out from all, in standard deviations (less 3, halved) and as a share of
    /// the coefficients; zero for pictures of less than 15 pixels, which have no grids to compare.</returns>
    public static Tensor In(Tensor input)
    {
        using var scope = TensorScope.Enter();
        long count = input.Shape[0], height = (input.Shape[2] - Block + 1) / Block, width = (input.Shape[3] - Block + 1) / Block;
        if (height < 1 || width < 1)
            return scope.Keep(Tensor.Zeros([count, Count], input.DType, input.Device));
        var kernels = Kernels((int)input.Shape[1]).To(input.Device).To(input.DType);
        var coefficients = Functional.Conv2d(input, kernels, null).Narrow(2, 0, height * Block).Narrow(3, 0, width * Block);
        var zeros = (coefficients.Abs() * (-1 / Width)).Exp();
        var grids = zeros.Reshape(count, Frequencies.Length, height, Block, width, Block).Mean([2, 4]).Reshape(count, Frequencies.Length, Block * Block);
        var mean = grids.Mean([2]);
        var deviation = (grids - mean.Unsqueeze(2)).Square().Mean([2]).Sqrt();
        var above = Highest.Call(grids, new long[] { 2 }, false) - mean;
        return scope.Keep(Tensor.Cat([((above / (deviation + 1e-3)) - 3) * 0.5, above], 1));
    }

    // Orthonormal cosines of the luma in grey levels.
    private static Tensor Kernels(int channels)
    {
        var values = new List<float>();
        foreach (var (row, column) in Frequencies)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                double share = channels == Luma.Length ? Luma[channel] : 1.0 / channels;
                for (int y = 0; y < Block; y++)
                    for (int x = 0; x < Block; x++)
                        values.Add((float)(255 * share * Cosine(row, y) * Cosine(column, x)));
            }
        }
        return Tensor.From(values.ToArray(), Frequencies.Length, channels, Block, Block);
    }

    private static double Cosine(int frequency, int place) => Math.Cos(Math.PI * ((2 * place) + 1) * frequency / (2 * Block)) * Math.Sqrt(2.0 / Block);
}

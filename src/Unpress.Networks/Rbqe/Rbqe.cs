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
public sealed class Rbqe : Network
{
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

    /// <summary>Decides at which exit to stop.</summary>
    public override Conditions Survey(Tensor whole, Conditions given)
    {
        if (given.Exit is not null || Exits == 1)
            return given;
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        return given with { Exit = Decide(whole).Exit };
    }

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

using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>
/// Any network of the catalogue behind a gate: x + s·(f(x) − x), with one s in 0..1 for a picture, which a small branch finds in the whole
/// of it. What nobody compressed, and what has been enhanced already, is told from a compressed picture by evidence gathered everywhere;
/// the few pixels that a fidelity network sees do not hold enough of it. Ours: idempotent adaptation composed with a global estimate of
/// the damage, as FBCNN's and DAGN's branches make one. The tiles of a picture share its s.
/// Names: the network's own after "network.", the branch's after "gate.".
/// </summary>
public sealed class Gated : Network, IGate
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
        "gated", "any network behind a gate that leaves alone what needs nothing", "docs/idempotent.md", options => new Gated(options));

    /// <summary>How much a picture of any size needs: [N, 1], 0..1.</summary>
    public Tensor Strength(Tensor input)
    {
        using var need = Need(input);
        return need.Sigmoid();
    }

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

using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// H(s(x), 1) + ½·H(s(y), 0) + ½·H(s(f(x)), 0), cross-entropies of a gate: it opens for what was compressed, and stays closed for raw pictures and
/// for the network's own results, as 8-bit files hold them. No gradient goes into f(x): the gate shall know it, not the network hide from it.
/// Patches that nobody compressed count as raw.
/// </summary>
public sealed class GateLoss : ILossTerm
{
    private static readonly Op Softplus = Op.Find("aten::softplus");
    private static readonly Op Round = Op.Find("aten::round");

    public static LossEntry Entry { get; } = LossEntry.Of("gate", "a gate tells compressed pictures from raw and from enhanced ones", () => new GateLoss());

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network is not Gated)
            yield return "needs a network with a gate: gated";
    }

    public Tensor Evaluate(LossInput step)
    {
        var wanted = Tensor.From([.. step.Facts.Select(facts => facts.Degradation.Compressed ? 1f : 0f)], step.Facts.Count, 1).To(step.Raw.Device);
        var enhanced = Round.Call(step.Enhanced.Detach().Clamp(0, 1) * 255) / 255;
        var open = Need(step, step.Compressed);
        return (Softplus.Call(open, 1.0, 20.0) - (wanted * open)).Mean() + ((Closed(step, step.Raw) + Closed(step, enhanced)) * 0.5);
    }

    private static Tensor Closed(LossInput step, Tensor pictures) => Softplus.Call(Need(step, pictures), 1.0, 20.0).Mean();

    private static Tensor Need(LossInput step, Tensor pictures) => step.Precisely(() => ((Gated)step.Network).Need(pictures));
}

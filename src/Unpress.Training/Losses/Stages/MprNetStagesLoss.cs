using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// Σ over MPRNet's three stages of Charbonnier(X, y) + 0.05 · Charbonnier(ΔX, Δy), ε = 1e-3, Δ the Laplacian: Zamir et al., CVPR 2021,
/// eq. 1 to 3. PowerQE trains on the last stage's Charbonnier alone, which is the loss <c>charbonnier</c>.
/// </summary>
public sealed class MprNetStagesLoss : ILossTerm
{
    private const double Epsilon = 1e-3;
    private const double EdgeWeight = 0.05;

    public static LossEntry Entry { get; } = LossEntry.Of(
        "mprnet-stages", "smooth absolute difference of pictures and of edges at each stage of MPRNet", () => new MprNetStagesLoss());

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network is not MprNet)
            yield return "is for network mprnet";
        if (plan.Recipe.Consistent)
            yield return "compares all stages, none of which consistent moves; set it to false";
    }

    public Tensor Evaluate(LossInput step)
        => ((MprNet)step.Network).AllStages(step.Compressed)
            .Select(picture => picture - step.Raw)
            .Select(difference => Charbonnier(difference) + (Charbonnier(Laplacian.Of(difference)) * EdgeWeight))
            .Aggregate((sum, stage) => sum + stage);

    private static Tensor Charbonnier(Tensor difference) => (difference.Square() + (Epsilon * Epsilon)).Sqrt().Mean();
}

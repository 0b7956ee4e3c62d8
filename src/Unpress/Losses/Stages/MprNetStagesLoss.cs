using Unpress.Networks;
using Unpress.Recipes;
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

    public Tensor Evaluate(LossInput step)
    {
        if (step.Network is not MprNet network)
            throw new RecipeException(["objective: mprnet-stages is for network mprnet"]);
        return network.AllStages(step.Compressed)
            .Select(picture => picture - step.Raw)
            .Select(difference => Charbonnier(difference) + (Charbonnier(Laplacian.Of(difference)) * EdgeWeight))
            .Aggregate((sum, stage) => sum + stage);
    }

    private static Tensor Charbonnier(Tensor difference) => (difference.Square() + (Epsilon * Epsilon)).Sqrt().Mean();
}

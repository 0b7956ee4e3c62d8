using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>The discriminator's side of the game: enhanced pictures are constants here.</summary>
/// <param name="r1">γ of R1.</param>
/// <param name="penalty">λ of the gradient penalty, for the Wasserstein game.</param>
public sealed class DiscriminatorLoss(double r1, double penalty) : ILossTerm
{
    public Tensor Evaluate(LossInput step)
    {
        var rival = step.Rival!;
        var raw = rival.Real(step).Detach();
        raw.RequiresGrad = r1 > 0;
        var enhanced = rival.Fake(step).Detach();
        var real = rival.Judge(raw, step);
        var loss = rival.Game.Discriminator(real, rival.Judge(enhanced, step));
        if (r1 > 0)
            loss += SlopeSquared(real, raw).Mean() * (r1 / 2);
        if (rival.Game.Kind == GanKind.WganGp && penalty > 0)
            loss += Penalty(rival, step, raw.Detach(), enhanced) * penalty;
        return loss;
    }

    // Gulrajani et al.: the slope shall be 1 at points drawn between raw and enhanced, one draw a picture.
    private static Tensor Penalty(Rival rival, LossInput step, Tensor raw, Tensor enhanced)
    {
        var share = Tensor.Rand([raw.Size(0), 1, 1, 1], raw.DType, raw.Device);
        var between = ((raw * share) + (enhanced * (1 - share))).Detach();
        between.RequiresGrad = true;
        var slope = (SlopeSquared(rival.Judge(between, step), between) + 1e-12).Sqrt();
        return (slope - 1).Square().Mean();
    }

    // [N]: |∇D|² by each picture, with its own graph. A picture's logits are averaged: of a map, each pixel's counts alike.
    private static Tensor SlopeSquared(Tensor logits, Tensor pictures)
    {
        var perPicture = logits.Reshape(logits.Size(0), -1).Mean([1]);
        var slope = perPicture.Sum().Gradients([pictures], createGraph: true)[0]!;
        return slope.Square().Sum([1, 2, 3]);
    }
}

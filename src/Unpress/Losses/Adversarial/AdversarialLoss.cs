using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Losses;

/// <summary>
/// The network's side of the game with the recipe's discriminator, whose weights are constants here. With the vanilla game it is
/// −log D(f(x)), the naturalness term of Guo and Chao's one-to-many network, too. Zero until the discriminator begins.
/// </summary>
public sealed class AdversarialLoss : ILossTerm
{
    public static LossEntry Entry { get; } = LossEntry.Of(
        "adversarial", "the discriminator takes enhanced pictures for raw ones", () => new AdversarialLoss());

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Rival is null)
            yield return "needs a discriminator: section";
    }

    public Tensor Evaluate(LossInput step)
    {
        if (step.Rival is not { } rival)
            return Tensor.Zeros([], step.Raw.DType, step.Raw.Device);
        using var frozen = new FrozenParameters(rival.Discriminator);
        var fake = rival.Judge(step.Enhanced, step);
        return rival.Game.Generator(fake, rival.Game.IsRelative ? rival.Judge(step.Raw, step).Detach() : null);
    }
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Losses;

/// <summary>
/// The network's side of the game with the recipe's discriminator, whose weights are constants here. With the vanilla game it is
/// −log D(f(x)), the naturalness term of Guo and Chao's one-to-many network, too; of features, DAGN's eq. 6, of which our reading is
/// that those of compressed pictures shall pass for raw. Zero until the discriminator begins.
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
        var fake = rival.Judge(rival.Fake(step), step);
        return rival.Game.Generator(fake, rival.Game.IsRelative ? rival.Judge(rival.Real(step), step).Detach() : null);
    }
}

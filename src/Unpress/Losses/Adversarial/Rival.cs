using Unpress.Networks.Discriminators;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>The discriminator of a training and the game it plays.</summary>
public sealed class Rival(Discriminator discriminator, GanGame game)
{
    public Discriminator Discriminator { get; } = discriminator;

    public GanGame Game { get; } = game;

    /// <summary>The logits of pictures that stand for, or were made of, the step's compressed ones: [N,1] or [N,1,H,W].</summary>
    public Tensor Judge(Tensor picture, LossInput step)
        => step.Precisely(() => Discriminator.Forward(picture, Discriminator.Conditional ? step.Compressed : null));
}

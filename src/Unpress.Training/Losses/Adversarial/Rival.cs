using Unpress.Networks;
using Unpress.Networks.Discriminators;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>The discriminator of a training and the game it plays.</summary>
public sealed class Rival(Discriminator discriminator, GanGame game)
{
    /// <summary>The discriminator's type in recipes that means the network's own judge of features.</summary>
    public const string OfFeatures = "features";

    /// <summary>It judges features of raw and compressed pictures instead of raw and enhanced pictures; the network is an <see cref="IFeatureEncoder"/>.</summary>
    public bool JudgesFeatures { get; init; }

    public Discriminator Discriminator { get; } = discriminator;

    public GanGame Game { get; } = game;

    /// <summary>What it shall take for real.</summary>
    public Tensor Real(LossInput step) => JudgesFeatures ? Features(step.Raw, step) : step.Raw;

    /// <summary>What it shall take for fake.</summary>
    public Tensor Fake(LossInput step) => JudgesFeatures ? Features(step.Compressed, step) : step.Enhanced;

    /// <summary>The logits of pictures that stand for, or were made of, the step's compressed ones: [N,1] or [N,1,H,W].</summary>
    public Tensor Judge(Tensor picture, LossInput step)
        => step.Precisely(() => Discriminator.Forward(picture, Discriminator.Conditional ? step.Compressed : null));

    private static Tensor Features(Tensor picture, LossInput step) => step.Precisely(() => ((IFeatureEncoder)step.Network).Encode(picture));
}

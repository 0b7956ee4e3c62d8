using Unpress.Networks;
using Unpress.Networks.Discriminators;
using Unpress.Recipes;
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
        if (plan.Gan is null)
            yield return "needs a discriminator: section";
    }

    public Tensor Evaluate(LossInput step)
    {
        if (step.Gan is not { } gan)
            return Tensor.Zeros([], step.Raw.DType, step.Raw.Device);
        using var frozen = new FrozenParameters(gan.Discriminator);
        var fake = gan.Judge(gan.Fake(step), step);
        var real = gan.Game.NeedsReal ? gan.Judge(gan.Real(step), step) : null;
        return gan.Game.Generator(fake, gan.Game.IsRelative ? real!.Detach() : real);
    }
}

/// <summary>The discriminator's side of the game: enhanced pictures are constants here.</summary>
/// <param name="r1">γ of R1.</param>
/// <param name="penalty">λ of the gradient penalty, for the Wasserstein game.</param>
public sealed class DiscriminatorLoss(double r1, double penalty) : ILossTerm
{
    public Tensor Evaluate(LossInput step)
    {
        var gan = step.Gan!;
        var raw = gan.Real(step).Detach();
        raw.RequiresGrad = r1 > 0;
        var enhanced = gan.Fake(step).Detach();
        var real = gan.Judge(raw, step);
        var loss = gan.Game.Discriminator(real, gan.Judge(enhanced, step));
        if (r1 > 0)
            loss += SlopeSquared(real, raw).Mean() * (r1 / 2);
        if (gan.Game.Kind == GanKind.WganGp && penalty > 0)
            loss += Penalty(gan, step, raw.Detach(), enhanced) * penalty;
        return loss;
    }

    // Gulrajani et al.: the slope shall be 1 at points drawn between raw and enhanced, one draw a picture.
    private static Tensor Penalty(Gan gan, LossInput step, Tensor raw, Tensor enhanced)
    {
        var share = Tensor.Rand([raw.Size(0), 1, 1, 1], raw.DType, raw.Device);
        var between = ((raw * share) + (enhanced * (1 - share))).Detach();
        between.RequiresGrad = true;
        var slope = (SlopeSquared(gan.Judge(between, step), between) + 1e-12).Sqrt();
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

/// <summary>
/// What either side minimises, from the discriminator's logits of raw ("real") and of enhanced ("fake") pictures; any shape, means over all.
/// </summary>
/// <param name="Smoothing">One-sided label smoothing (Salimans et al., NIPS 2016): the discriminator's label of real is 1 − this, the
/// network's stays 1.</param>
public sealed record GanGame(GanKind Kind, double Smoothing = 0)
{
    private static readonly Op Softplus = Op.Find("aten::softplus");

    /// <summary>Whether the network's side looks at the logits of real pictures, too.</summary>
    public bool IsRelative => Kind == GanKind.RaGan;

    /// <summary>Whether the network's side needs those logits at all.</summary>
    public bool NeedsReal => Kind is GanKind.RaGan or GanKind.LogRatio;

    private double Label => 1 - Smoothing;

    /// <param name="real">Only looked at by games that need it; of relative games fixed.</param>
    public Tensor Generator(Tensor fake, Tensor? real) => Kind switch
    {
        GanKind.Lsgan => (fake - 1).Square().Mean() * 0.5,
        GanKind.Hinge or GanKind.WganGp => -fake.Mean(),
        GanKind.RaGan => (CrossEntropy(fake - real!.Mean(), 1) + CrossEntropy(real - fake.Mean(), 0)) * 0.5,
        GanKind.LogRatio => (CrossEntropy(fake, 1) - CrossEntropy(real!, 1)) * 0.5,
        _ => CrossEntropy(fake, 1),
    };

    /// <summary>Without gradient penalties, which need more than logits.</summary>
    public Tensor Discriminator(Tensor real, Tensor fake) => Kind switch
    {
        GanKind.Lsgan => ((real - Label).Square().Mean() + fake.Square().Mean()) * 0.5,
        GanKind.Hinge => Functional.Relu(1 - real).Mean() + Functional.Relu(fake + 1).Mean(),
        GanKind.WganGp => fake.Mean() - real.Mean(),
        GanKind.LogRatio => (CrossEntropy(real, 1) - CrossEntropy(fake, 1)) * 0.5,
        // The means are of fixed logits, as in BasicSR and mmedit.
        GanKind.RaGan => (CrossEntropy(real - fake.Mean().Detach(), Label) + CrossEntropy(fake - real.Mean().Detach(), 0)) * 0.5,
        _ => CrossEntropy(real, Label) + CrossEntropy(fake, 0),
    };

    // −t·log σ(l) − (1 − t)·log(1 − σ(l)), which is softplus(l) − t·l.
    private static Tensor CrossEntropy(Tensor logits, double label)
    {
        var loss = Softplus.Call(logits, 1.0, 20.0);
        return (label == 0 ? loss : loss - (logits * label)).Mean();
    }
}

/// <summary>The discriminator of a training and the game it plays.</summary>
public sealed class Gan(Discriminator discriminator, GanGame game)
{
    /// <summary>The discriminator's type in recipes that means the network's own judge of features.</summary>
    public const string OfFeatures = "features";

    /// <summary>
    /// It judges features of raw and compressed pictures instead of raw and enhanced pictures; the network is a
    /// <see cref="DagnAutoEncoder"/>.
    /// </summary>
    public bool JudgesFeatures { get; init; }

    public Discriminator Discriminator { get; } = discriminator;

    public GanGame Game { get; } = game;

    /// <summary>What it shall take for real.</summary>
    public Tensor Real(LossInput step) => JudgesFeatures ? step.Features.Raw : step.Raw;

    /// <summary>What it shall take for fake.</summary>
    public Tensor Fake(LossInput step) => JudgesFeatures ? step.Features.Compressed : step.Enhanced;

    /// <summary>The logits of pictures that stand for, or were made of, the step's compressed ones: [N,1] or [N,1,H,W].</summary>
    public Tensor Judge(Tensor picture, LossInput step)
        => step.Precisely(() => Discriminator.Forward(picture, Discriminator.Conditional ? step.Compressed : null));
}

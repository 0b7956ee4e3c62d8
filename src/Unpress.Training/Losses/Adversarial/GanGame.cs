using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// What either side minimises, from the discriminator's logits of raw ("real") and of enhanced ("fake") pictures; any shape, means over all.
/// </summary>
/// <param name="Smoothing">One-sided label smoothing (Salimans et al., NIPS 2016): the discriminator's label of real is 1 − this, the network's stays 1.</param>
public sealed record GanGame(GanKind Kind, double Smoothing = 0)
{
    private static readonly Op Softplus = Op.Find("aten::softplus");

    /// <summary>Whether the network's side looks at the logits of real pictures, too.</summary>
    public bool IsRelative => Kind == GanKind.RaGan;

    private double Label => 1 - Smoothing;

    /// <param name="real">Only looked at by relative games; fixed.</param>
    public Tensor Generator(Tensor fake, Tensor? real) => Kind switch
    {
        GanKind.Lsgan => (fake - 1).Square().Mean() * 0.5,
        GanKind.Hinge or GanKind.WganGp => -fake.Mean(),
        GanKind.RaGan => (CrossEntropy(fake - real!.Mean(), 1) + CrossEntropy(real - fake.Mean(), 0)) * 0.5,
        _ => CrossEntropy(fake, 1),
    };

    /// <summary>Without gradient penalties, which need more than logits.</summary>
    public Tensor Discriminator(Tensor real, Tensor fake) => Kind switch
    {
        GanKind.Lsgan => ((real - Label).Square().Mean() + fake.Square().Mean()) * 0.5,
        GanKind.Hinge => Functional.Relu(1 - real).Mean() + Functional.Relu(fake + 1).Mean(),
        GanKind.WganGp => fake.Mean() - real.Mean(),
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

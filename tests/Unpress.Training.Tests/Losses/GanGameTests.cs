using Unpress.Losses;
using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Tests.Losses;

/// <summary>Every game against its formula, written out with numbers, and its slopes by central differences.</summary>
public sealed class GanGameTests
{
    private static readonly double[] Real = [0.7, -0.4, 2.1, 0.3];
    private static readonly double[] Fake = [-0.6, 0.2, 0.9, -1.7];

    public static TheoryData<GanKind> Kinds => [.. Enum.GetValues<GanKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Both_sides_minimise_what_the_papers_say(GanKind kind)
    {
        const double Smoothing = 0.1;
        double label = 1 - Smoothing, meanReal = Real.Average(), meanFake = Fake.Average();
        (double discriminator, double generator) = kind switch
        {
            GanKind.Lsgan => (0.5 * (Real.Average(l => Math.Pow(l - label, 2)) + Fake.Average(l => l * l)), 0.5 * Fake.Average(l => Math.Pow(l - 1, 2))),
            GanKind.Hinge => (Real.Average(l => Math.Max(0, 1 - l)) + Fake.Average(l => Math.Max(0, 1 + l)), -meanFake),
            GanKind.WganGp => (meanFake - meanReal, -meanFake),
            GanKind.RaGan => (
                0.5 * (Real.Average(l => Entropy(l - meanFake, label)) + Fake.Average(l => Entropy(l - meanReal, 0))),
                0.5 * (Fake.Average(l => Entropy(l - meanReal, 1)) + Real.Average(l => Entropy(l - meanFake, 0)))),
            GanKind.LogRatio => (
                0.5 * (Fake.Average(l => -Entropy(l, 1)) + Real.Average(l => Entropy(l, 1))),
                0.5 * (Fake.Average(l => Entropy(l, 1)) - Real.Average(l => Entropy(l, 1)))),
            _ => (Real.Average(l => Entropy(l, label)) + Fake.Average(l => Entropy(l, 0)), Fake.Average(l => Entropy(l, 1))),
        };
        var game = new GanGame(kind, Smoothing);
        Assert.Equal(discriminator, game.Discriminator(Logits(Real), Logits(Fake)).Item(), 1e-9);
        Assert.Equal(generator, game.Generator(Logits(Fake), Logits(Real)).Item(), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_network_s_slope_is_that_of_its_loss(GanKind kind)
    {
        var game = new GanGame(kind);
        var fake = Logits(Fake);
        fake.RequiresGrad = true;
        game.Generator(fake, Logits(Real)).Backward();
        double[] slope = fake.Grad!.ToArray<double>();
        for (int k = 0; k < Fake.Length; k++)
        {
            double[] more = [.. Fake], less = [.. Fake];
            more[k] += 1e-6;
            less[k] -= 1e-6;
            double expected = (game.Generator(Logits(more), Logits(Real)).Item() - game.Generator(Logits(less), Logits(Real)).Item()) / 2e-6;
            Assert.Equal(expected, slope[k], 1e-7);
        }
    }

    // Of the label "raw" with a share, from probabilities.
    private static double Entropy(double logit, double label)
    {
        double probability = 1 / (1 + Math.Exp(-logit));
        return -(label * Math.Log(probability)) - ((1 - label) * Math.Log(1 - probability));
    }

    private static Tensor Logits(double[] numbers) => Tensor.From(numbers, numbers.Length, 1);
}

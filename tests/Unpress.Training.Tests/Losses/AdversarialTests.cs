using System.Text.Json.Nodes;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Patches;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Losses;

/// <summary>Who moves in an adversarial step, and what the gradient penalties measure.</summary>
public sealed class AdversarialTests : IDisposable
{
    private readonly ProbeNetwork _network;
    private readonly ProbeDiscriminator _plain;
    private readonly ProbeDiscriminator _conditional;
    private readonly Tensor _x;
    private readonly Tensor _y;

    public AdversarialTests()
    {
        TorchRuntime.Seed(6);
        (_network, _plain, _conditional) = (new ProbeNetwork(), new ProbeDiscriminator(false), new ProbeDiscriminator(true));
        _x = Tensor.Rand([2, 1, 5, 4], DType.Float64);
        _y = Tensor.Rand([2, 1, 5, 4], DType.Float64);
    }

    [Theory]
    [InlineData(GanKind.Vanilla, false)]
    [InlineData(GanKind.RaGan, false)]
    [InlineData(GanKind.Hinge, true)]
    public void The_network_s_term_moves_the_network_alone_and_the_discriminator_s_the_discriminator_alone(GanKind kind, bool conditional)
    {
        var discriminator = conditional ? _conditional : _plain;
        var step = Step(discriminator, kind);
        new AdversarialLoss().Evaluate(step).Backward();
        Assert.Contains(_network.Gradient(), slope => slope != 0);
        Assert.All(discriminator.Parameters(), parameter => Assert.Null(parameter.Grad));

        double[] before = _network.Gradient();
        new DiscriminatorLoss(0, 10).Evaluate(step).Backward();
        Assert.All(discriminator.Parameters(), parameter => Assert.NotNull(parameter.Grad));
        Assert.Equal(before, _network.Gradient());
    }

    [Fact]
    public void A_conditional_discriminator_judges_by_the_compressed_picture()
    {
        double here = new DiscriminatorLoss(0, 0).Evaluate(Step(_conditional, GanKind.Vanilla)).Item();
        var other = new LossInput(_network, _x.Flip(3), _y, Array.Empty<PatchFacts>()) { Gan = new Gan(_conditional, new GanGame(GanKind.Vanilla)) };
        Assert.NotEqual(here, new DiscriminatorLoss(0, 0).Evaluate(other).Item(), 6);
    }

    [Fact]
    public void R1_is_half_of_the_squared_slope_at_raw_pictures_and_its_gradient_is_its_slope()
    {
        const double Gamma = 3;
        double[] slopes = [.. Enumerable.Range(0, 2).Select(SquaredSlope)];
        Assert.Equal(Gamma / 2 * slopes.Average(), R1(), 1e-7);

        foreach (var parameter in _plain.Parameters())
            parameter.Grad = null;
        (new DiscriminatorLoss(Gamma, 0).Evaluate(Step(_plain, GanKind.WganGp))
            - new DiscriminatorLoss(0, 0).Evaluate(Step(_plain, GanKind.WganGp))).Backward();
        var weight = _plain.Parameters()[0];
        double measured = weight.Grad!.ToArray<double>()[4], number = weight.ToArray<double>()[4];
        double expected = (With(number + 1e-5) - With(number - 1e-5)) / 2e-5;
        With(number);
        Assert.True(Math.Abs(expected) > 1e-4, "a gradient of nothing proves nothing");
        Assert.Equal(expected, measured, 1e-6);

        double With(double value)
        {
            double[] all = weight.ToArray<double>();
            all[4] = value;
            weight.Write<double>(all);
            return R1();
        }

        double R1() => new DiscriminatorLoss(Gamma, 0).Evaluate(Step(_plain, GanKind.WganGp)).Item()
            - new DiscriminatorLoss(0, 0).Evaluate(Step(_plain, GanKind.WganGp)).Item();
    }

    [Fact]
    public void The_penalty_is_zero_for_a_slope_of_one_and_grows_with_its_distance_from_it()
    {
        // A sum of n pixels with weight w has the slope w·√n everywhere, so wherever the points between are drawn.
        using var linear = new LinearJudge();
        var step = Step(linear, GanKind.WganGp);
        double plain = new DiscriminatorLoss(0, 0).Evaluate(step).Item(), slope = LinearJudge.Weight * Math.Sqrt(20);
        Assert.Equal(10 * Math.Pow(slope - 1, 2), new DiscriminatorLoss(0, 10).Evaluate(step).Item() - plain, 1e-6);
    }

    [Fact]
    public void Before_the_discriminator_begins_the_term_is_zero()
        => Assert.Equal(0, new AdversarialLoss().Evaluate(new LossInput(_network, _x, _y, Array.Empty<PatchFacts>())).Item());

    /// <summary>Batch norm of raw and of compressed pictures alone would take away the very difference that the judge looks for.</summary>
    [Fact]
    public void Features_that_are_judged_come_from_one_pass()
    {
        TorchRuntime.Seed(4);
        var options = new JsonObject { ["encoderWidth"] = 2, ["encoderBlocks"] = new JsonArray(1, 1, 1, 1), ["decoderWidth"] = 64 };
        using var network = NetworkCatalog.Find("dagn-autoencoder").Create(options);
        network.Train();
        var raw = Tensor.Rand([4, 3, 32, 32]);
        var step = new LossInput(network, raw * 0.5, raw, Array.Empty<PatchFacts>());
        Assert.True(Difference(step.Features.Raw, step.Features.Compressed) > 0.01);
        var encoder = (DagnAutoEncoder)network;
        Assert.True(Difference(encoder.Encode(raw), encoder.Encode(raw * 0.5)) < 0.001, "half the contrast is normalised away");

        static double Difference(Tensor a, Tensor b) => (a - b).Abs().Mean().Item();
    }

    public void Dispose()
    {
        _network.Dispose();
        _plain.Dispose();
        _conditional.Dispose();
    }

    private LossInput Step(Unpress.Networks.Discriminators.Discriminator discriminator, GanKind kind)
        => new(_network, _x, _y, Array.Empty<PatchFacts>()) { Gan = new Gan(discriminator, new GanGame(kind)) };

    // |∇D|² at one raw picture, pixel by pixel.
    private double SquaredSlope(int picture)
    {
        using var noGrad = Autograd.NoGrad();
        double[] pixels = _y.Narrow(0, picture, 1).Contiguous().ToArray<double>();
        return Enumerable.Range(0, pixels.Length).Sum(k => Math.Pow((At(k, 1e-5) - At(k, -1e-5)) / 2e-5, 2));

        double At(int k, double shift)
        {
            double[] moved = [.. pixels];
            moved[k] += shift;
            return _plain.Forward(Tensor.From(moved, 1, 1, 5, 4)).Item();
        }
    }

    private sealed class LinearJudge() : Unpress.Networks.Discriminators.Discriminator(new Options { Channels = 1 })
    {
        public const double Weight = 0.4;

        protected override void Check(long height, long width)
        {
        }

        protected override Tensor Judge(Tensor input) => input.Sum([1, 2, 3]).Reshape(-1, 1) * Weight;

        private sealed record Options : Unpress.Networks.Discriminators.DiscriminatorOptions;
    }
}

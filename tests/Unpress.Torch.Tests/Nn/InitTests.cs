using Unpress.Torch.Nn;

namespace Unpress.Torch.Tests.Nn;

/// <summary>Initialisers draw from the distributions of their papers: mean, deviation and extremes of 73,728 numbers.</summary>
public class InitTests
{
    private const long In = 64, Out = 128, Kernel = 3;
    private const double FanIn = In * Kernel * Kernel, FanOut = Out * Kernel * Kernel;

    public static TheoryData<string, double> UniformBounds => new()
    {
        { "kaiming", Math.Sqrt(6 / FanIn) },
        { "kaiming leaky", Math.Sqrt(6 / (FanIn * (1 + 0.2 * 0.2))) },
        { "xavier", Math.Sqrt(6 / (FanIn + FanOut)) },
        { "plain", 0.25 },
        { "layer", 1 / Math.Sqrt(FanIn) },
    };

    [Theory]
    [MemberData(nameof(UniformBounds))]
    public void Uniform_ones_fill_their_interval(string name, double bound)
    {
        float[] values = Draw(weight =>
        {
            switch (name)
            {
                case "kaiming": Init.KaimingUniform(weight); break;
                case "kaiming leaky": Init.KaimingUniform(weight, 0.2); break;
                case "xavier": Init.XavierUniform(weight); break;
                case "plain": Init.Uniform(weight, -0.25, 0.25); break;
                default: using (var layer = new Conv2d(In, Out, Kernel)) weight.Copy(layer.Weight.Detach()); break;
            }
        });
        Assert.InRange(values.Max(), 0.999 * bound, bound);
        Assert.InRange(values.Min(), -bound, -0.999 * bound);
        AssertMoments(values, 0, bound / Math.Sqrt(3));
    }

    [Fact]
    public void Normal_ones_have_their_deviation()
    {
        AssertMoments(Draw(weight => Init.KaimingNormal(weight)), 0, Math.Sqrt(2 / FanIn));
        AssertMoments(Draw(weight => Init.KaimingNormal(weight, 1)), 0, Math.Sqrt(1 / FanIn));
        AssertMoments(Draw(weight => Init.Normal(weight, 3, 0.5)), 3, 0.5);
        Assert.All(Draw(weight => Init.Constant(weight, 0.75)), value => Assert.Equal(0.75f, value));
    }

    [Fact]
    public void A_bias_stays_within_the_bound_of_its_weights()
    {
        TorchRuntime.Seed(5);
        using var conv = new Conv2d(In, 4096, 1);
        using var transposed = new ConvTranspose2d(8, 4096, 2);
        using var linear = new Linear(In, 4096);
        AssertBound(conv.Bias!, 1 / Math.Sqrt(In));
        // PyTorch counts a transposed kernel's fan-in along its second dimension, the outputs.
        AssertBound(transposed.Bias!, 1 / Math.Sqrt(4096 * 2 * 2));
        AssertBound(linear.Bias!, 1 / Math.Sqrt(In));
    }

    [Fact]
    public void One_seed_gives_one_network()
    {
        Assert.Equal(Seeded(9), Seeded(9));
        Assert.NotEqual(Seeded(9), Seeded(10));
    }

    private static float[] Seeded(ulong seed)
    {
        TorchRuntime.Seed(seed);
        using var layer = new Conv2d(3, 5, 3);
        return [.. layer.Weight.ToArray<float>(), .. layer.Bias!.ToArray<float>()];
    }

    private static float[] Draw(Action<Tensor> fill)
    {
        TorchRuntime.Seed(5);
        using Tensor weight = Tensor.Zeros([Out, In, Kernel, Kernel]);
        fill(weight);
        return weight.ToArray<float>();
    }

    private static void AssertBound(Tensor bias, double bound)
    {
        float[] values = bias.ToArray<float>();
        Assert.InRange(values.Max(Math.Abs), 0.99 * bound, bound);
    }

    // Five standard errors: a right initialiser fails one time in a million, and the seed is fixed.
    private static void AssertMoments(float[] values, double mean, double deviation)
    {
        double average = values.Average(value => (double)value);
        double spread = Math.Sqrt(values.Average(value => (value - average) * (value - average)));
        Assert.InRange(average, mean - 5 * deviation / Math.Sqrt(values.Length), mean + 5 * deviation / Math.Sqrt(values.Length));
        Assert.InRange(spread, deviation * (1 - 5 / Math.Sqrt(2.0 * values.Length)), deviation * (1 + 5 / Math.Sqrt(2.0 * values.Length)));
    }
}

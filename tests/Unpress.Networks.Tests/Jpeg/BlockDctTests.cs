using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Tests.Jpeg;

public sealed class BlockDctTests
{
    [Fact]
    public void A_block_is_transformed_as_the_standard_writes_it()
    {
        using var scope = TensorScope.Enter();
        var random = new Random(2);
        double[] samples = [.. Enumerable.Range(0, 2 * 16 * 24).Select(_ => random.NextDouble() - 0.5)];
        double[] found = BlockDct.Forward(Tensor.From(samples, 1, 2, 16, 24)).ToArray<double>();
        foreach (var (channel, top, left, v, u) in new[] { (0, 0, 0, 0, 0), (1, 8, 16, 3, 5), (0, 8, 8, 7, 0), (1, 0, 8, 0, 1), (1, 8, 0, 7, 7) })
        {
            double sum = 0;
            for (int y = 0; y < 8; y++)
                for (int x = 0; x < 8; x++)
                    sum += samples[(((channel * 16) + top + y) * 24) + left + x]
                        * Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * Math.Cos(((2 * y) + 1) * v * Math.PI / 16);
            double scale = 0.25 * (u == 0 ? Math.Sqrt(0.5) : 1) * (v == 0 ? Math.Sqrt(0.5) : 1);
            Assert.Equal(scale * sum, found[(((channel * 16) + top + v) * 24) + left + u], 12);
        }
    }

    [Fact]
    public void It_keeps_energy_and_the_inverse_undoes_it()
    {
        using var scope = TensorScope.Enter();
        var samples = Tensor.Randn([2, 3, 24, 8], DType.Float64);
        var coefficients = BlockDct.Forward(samples);
        Assert.Equal(samples.Square().Sum().Item(), coefficients.Square().Sum().Item(), 9);
        Assert.True((BlockDct.Inverse(coefficients) - samples).Abs().Max().Item() < 1e-13);
    }

    [Fact]
    public void Its_gradient_is_the_inverse()
    {
        using var scope = TensorScope.Enter();
        var samples = Tensor.Randn([1, 1, 8, 16], DType.Float64);
        var weights = Tensor.Randn([1, 1, 8, 16], DType.Float64);
        samples.RequiresGrad = true;
        var gradient = (BlockDct.Forward(samples) * weights).Sum().Gradients([samples])[0]!;
        Assert.True((gradient - BlockDct.Inverse(weights)).Abs().Max().Item() < 1e-13);
    }

    [Fact]
    public void Sizes_that_are_not_whole_blocks_are_refused()
    {
        using var picture = Tensor.Zeros([1, 1, 8, 12]);
        Assert.Throws<ArgumentException>(() => BlockDct.Forward(picture));
    }
}

using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Inference;

/// <summary>Autocast to bf16 works on every CPU, slowly where it is not native: so the comparison can be tested everywhere.</summary>
public sealed class PrecisionChoiceTests
{
    [Theory]
    [InlineData(4000, 3000, 12_000_000, 65_536)]
    [InlineData(768, 512, 12_000_000, 24_576)]
    [InlineData(48, 64, 3_072, 3_072)]
    [InlineData(200, 150, 30_000, 4_096)]
    [InlineData(4000, 3000, 1, 1)]
    public void The_sample_is_a_sixteenth_of_the_picture_within_bounds(int width, int height, long budget, long pixels)
        => Assert.Equal(pixels, PrecisionChoice.SamplePixels(width, height, budget));

    [Theory]
    [InlineData(0.001, true)]
    [InlineData(1, false)]
    public void Bf16_is_harmless_where_it_moves_little(double share, bool harmless)
    {
        using var scope = TensorScope.Enter();
        var picture = Tensor.Rand([1, 1, 32, 32]);
        var matrix = Tensor.Rand([32, 32]) / 16;
        using var network = new FunctionNetwork(1, x => x + (x.MatMul(matrix) * share));
        Assert.Equal(harmless, PrecisionChoice.IsHarmless(network, picture, new Conditions()));
    }
}

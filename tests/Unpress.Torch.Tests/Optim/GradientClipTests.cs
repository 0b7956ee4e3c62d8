using Unpress.Torch.Optim;

namespace Unpress.Torch.Tests.Optim;

public class GradientClipTests
{
    [Theory]
    [InlineData(6.5, 0.5)] // the norm is 13
    [InlineData(20, 1)]
    public void The_common_norm_is_cut_to_the_maximum(double maximum, double factor)
    {
        using var scope = TensorScope.Enter();
        (string Name, Tensor Tensor)[] parameters = [Parameter("a", 3, 4), Parameter("b", 12), ("no gradient", Tensor.Zeros([1]))];
        Assert.Equal(13, GradientClip.ByNorm(parameters, maximum), 1e-12);
        // PyTorch divides by the norm plus 1e-6.
        Assert.Equal(3 * factor, parameters[0].Tensor.Grad!.ToArray<double>()[0], 1e-6);
        Assert.Equal(4 * factor, parameters[0].Tensor.Grad!.ToArray<double>()[1], 1e-6);
        Assert.Equal(12 * factor, parameters[1].Tensor.Grad!.Item(), 2e-6);
    }

    [Fact]
    public void Without_gradients_the_norm_is_zero()
    {
        using var scope = TensorScope.Enter();
        Assert.Equal(0, GradientClip.ByNorm([("a", Tensor.Zeros([1]))], 1));
    }

    private static (string Name, Tensor Tensor) Parameter(string name, params double[] gradient)
    {
        Tensor tensor = Tensor.Zeros([gradient.Length], DType.Float64);
        tensor.RequiresGrad = true;
        tensor.Grad = Tensor.From(gradient, gradient.Length);
        return (name, tensor);
    }
}

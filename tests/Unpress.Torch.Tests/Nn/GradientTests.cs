using Unpress.Torch.Nn;

namespace Unpress.Torch.Tests.Nn;

/// <summary>
/// Gradients of every layer, by its input and by its parameters, against central differences in float64. What is differentiated is the
/// sum of all outputs, each with a random weight, so that no two mistakes cancel.
/// </summary>
public class GradientTests
{
    private const double Step = 1e-6;
    private const double Tolerance = 1e-6;

    private static readonly long[] Image = [2, 4, 5, 6];

    private static readonly Dictionary<string, Func<Layer>> Layers = new()
    {
        ["conv"] = () => new Conv2d(4, 2, 3, padding: 1),
        ["conv strided, dilated, grouped"] = () => new Conv2d(4, 6, 3, stride: 2, padding: 1, dilation: 2, groups: 2),
        ["conv without bias"] = () => new Conv2d(4, 2, 1, bias: false),
        ["oblong conv"] = () => new OblongConv2d(4, 2, 1, 5),
        ["spectral conv, evaluating"] = () => (Layer)new SpectralConv2d(4, 3, 3, stride: 2, padding: 1).Eval(),
        ["transposed conv"] = () => new ConvTranspose2d(4, 2, 3, stride: 2, padding: 1, outputPadding: 1),
        ["linear"] = () => new Linear(6, 3),
        ["batch norm, training"] = () => new BatchNorm2d(4),
        ["batch norm, evaluating"] = () => (Layer)new BatchNorm2d(4).Eval(),
        ["relu"] = () => new Relu(),
        ["leaky relu"] = () => new LeakyRelu(0.2),
        ["prelu"] = () => new PRelu(4),
        ["sequential"] = () => new Sequential(Conv2d.Same(4, 3, 3), new PRelu(3), Conv2d.Same(3, 4, 3)),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["gelu"] = Functional.Gelu,
        ["softmax"] = x => Functional.Softmax(x, 1),
        ["pixel shuffle"] = x => Functional.PixelShuffle(x, 2),
        ["pixel unshuffle"] = x => Functional.PixelUnshuffle(x.Narrow(2, 0, 4), 2),
        ["max pool"] = x => Functional.MaxPool2d(x, 3, 2, 1),
        ["average pool"] = x => Functional.AvgPool2d(x, 2, 1),
        ["adaptive average pool"] = x => Functional.AdaptiveAvgPool2d(x, 2, 3),
        ["nearest"] = x => Functional.Interpolate(x, 7, 4, Interpolation.Nearest),
        ["bilinear"] = x => Functional.Interpolate(x, 7, 4, Interpolation.Bilinear),
        ["bicubic"] = x => Functional.Interpolate(x, 7, 4, Interpolation.Bicubic),
        ["reflected edges"] = x => Functional.Pad(x, 1, 2, 3, 4),
        ["repeated edges"] = x => Functional.Pad(x, 1, 2, 3, 4, Padding.Replicate),
        ["zero edges"] = x => Functional.Pad(x, 1, 2, 3, 4, Padding.Zero),
        ["l1 loss"] = x => Functional.L1Loss(x, Tensor.Zeros(Image, DType.Float64) + 0.3),
        ["mse loss"] = x => Functional.MseLoss(x, Tensor.Zeros(Image, DType.Float64) + 0.3),
        ["sums and products"] = x => (x + x.Square()) * (x - 0.7) - (2 - x) * 3 - (-x),
        ["quotients"] = x => x / (x.Square() + 1) / 2,
        ["roots and logarithms"] = x => (x.Abs() + 0.5).Sqrt() + (x.Square() + 0.5).Log(),
        ["exponentials"] = x => x.Exp() + x.Tanh() * x.Sigmoid(),
        ["clamp"] = x => x.Clamp(-0.5, 0.5),
        ["means and sums"] = x => x.Mean([2, 3], keep: true) * x + x.Sum([0]) * x.Mean() + x.Sum(),
        ["extremes"] = x => x.Max() * x.Min(),
        ["matrix product"] = x => x.MatMul(x.Transpose(2, 3)),
        ["shapes"] = x => Tensor.Cat([x.Reshape(4, 60).Permute(1, 0).Unsqueeze(0).Squeeze(0), x.Flip(1).Contiguous().Reshape(60, 4)], 1),
        ["stack"] = x => Tensor.Stack([x, x.Clone() * x], 1),
    };

    public static TheoryData<string> LayerNames => [.. Layers.Keys];

    public static TheoryData<string> FunctionNames => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void A_layers_gradients_are_its_slopes(string name)
    {
        TorchRuntime.Seed(3);
        using var scope = TensorScope.Enter();
        using Layer layer = Layers[name]();
        layer.To(Device.Cpu, DType.Float64);
        using Tensor input = Input();
        AssertSlopes(() => layer.Forward(input), [("input", input), .. layer.NamedParameters()]);
    }

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void A_functions_gradients_are_its_slopes(string name)
    {
        TorchRuntime.Seed(3);
        using var scope = TensorScope.Enter();
        using Tensor input = Input();
        AssertSlopes(() => Functions[name](input), [("input", input)]);
    }

    [Fact]
    public void Second_derivatives_come_from_a_kept_graph()
    {
        using var scope = TensorScope.Enter();
        Tensor x = Tensor.From([2.0, -3.0], 2);
        x.RequiresGrad = true;
        Tensor slope = (x * x * x).Sum().Gradients([x], createGraph: true)[0]!;
        Assert.Equal([12.0, 27.0], slope.ToArray<double>());
        slope.Sum().Backward();
        Assert.Equal([12.0, -18.0], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared_and_are_absent_where_nothing_depends()
    {
        using var scope = TensorScope.Enter();
        Tensor x = Tensor.From([2.0], 1), other = Tensor.From([1.0], 1);
        x.RequiresGrad = other.RequiresGrad = true;
        Assert.Null(x.Grad);
        (x * 3).Sum().Backward();
        (x * 3).Sum().Backward();
        Assert.Equal(6, x.Grad!.Item());
        x.Grad = null;
        Assert.Null(x.Grad);
        Assert.Null((x * 3).Sum().Gradients([x, other])[1]);
    }

    [Fact]
    public void Nothing_is_recorded_without_gradients()
    {
        using var scope = TensorScope.Enter();
        Tensor x = Tensor.Ones([1]);
        x.RequiresGrad = true;
        using (Autograd.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
            using (Autograd.WithGrad()) Assert.True((x * 2).RequiresGrad);
            Assert.False((x * 2).RequiresGrad);
        }
        Assert.True((x * 2).RequiresGrad);
        Assert.False(x.Detach().RequiresGrad);
    }

    private static Tensor Input()
    {
        Tensor input = Tensor.Randn(Image, DType.Float64);
        input.RequiresGrad = true;
        return input;
    }

    private static void AssertSlopes(Func<Tensor> forward, (string Name, Tensor Tensor)[] leaves)
    {
        using Tensor weights = Tensor.Randn(forward().Shape, DType.Float64);
        Tensor?[] gradients = (forward() * weights).Sum().Gradients([.. leaves.Select(leaf => leaf.Tensor)]);
        for (int k = 0; k < leaves.Length; k++)
        {
            double[] analytic = gradients[k]!.ToArray<double>();
            double[] values = leaves[k].Tensor.ToArray<double>();
            for (int i = 0; i < values.Length; i++)
            {
                double numeric = (LossWith(leaves[k].Tensor, values, i, Step) - LossWith(leaves[k].Tensor, values, i, -Step)) / (2 * Step);
                Assert.True(
                    Math.Abs(numeric - analytic[i]) <= Tolerance * (1 + Math.Abs(numeric)),
                    $"{leaves[k].Name}[{i}]: gradient {analytic[i]}, slope {numeric}");
            }
            leaves[k].Tensor.Write<double>(values);
        }

        double LossWith(Tensor leaf, double[] values, int index, double change)
        {
            using var scope = TensorScope.Enter();
            using var noGrad = Autograd.NoGrad();
            double[] moved = [.. values];
            moved[index] += change;
            leaf.Write<double>(moved);
            return (forward() * weights).Sum().Item();
        }
    }
}

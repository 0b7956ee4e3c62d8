using Unpress.Torch.Nn;

namespace Unpress.Torch.Tests;

public sealed class ShapesOnlyTests
{
    [Fact]
    public void A_network_runs_without_numbers_and_says_its_shapes()
    {
        using var scope = TensorScope.Enter();
        using var shapes = ShapesOnly.Enter();
        // 268 million weights: a gigabyte, if it had any.
        using var network = new Sequential(Conv2d.Same(3, 8192, 3), new Relu(), new BatchNorm2d(8192), new ConvTranspose2d(8192, 2048, 4, 2, 1));
        Assert.Equal(268_683_264, network.ParameterCount());
        var output = network.Forward(Tensor.Zeros([1, 3, 1024, 1024]));
        Assert.Equal([1, 2048, 2048, 2048], output.Shape);
        Assert.True(output.Device.IsMeta);
        Assert.Throws<TorchException>(() => output.Mean().Item());
        Assert.True(Tensor.From([1f, 2f], 2).Device.IsMeta);
    }

    [Fact]
    public void Outside_everything_is_as_before()
    {
        using (ShapesOnly.Enter())
        using (ShapesOnly.Enter())
        {
        }

        using var tensor = Tensor.Ones([2]);
        Assert.True(tensor.Device.IsCpu);
    }

    [Fact]
    public void An_observer_sees_operators_until_it_is_disposed()
    {
        using var scope = TensorScope.Enter();
        var input = Tensor.Ones([1, 2, 4, 4]);
        using var conv = Conv2d.Same(2, 3, 3);
        var seen = new List<string>();
        using (Op.Observe((op, arguments, result) => seen.Add($"{op.Name} {ReferenceEquals(arguments[1].Tensor, conv.Weight)} {result.Size(1)}")))
            conv.Forward(input);
        conv.Forward(input);
        Assert.Equal(["aten::conv2d True 3"], seen);
    }
}

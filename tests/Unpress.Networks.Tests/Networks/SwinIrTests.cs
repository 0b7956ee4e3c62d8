using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

public sealed class SwinIrTests
{
    [Theory]
    [InlineData(3, 11_492_067)]
    [InlineData(1, 11_485_585)]
    public void It_has_the_published_number_of_parameters(int channels, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var network = SwinIr.Entry.Create(new JsonObject { ["channels"] = channels });
        Assert.Equal(expected, network.ParameterCount());
    }

    [Fact]
    public void The_training_size_has_its_mask_in_the_file_and_any_size_gets_the_same_numbers()
    {
        using var small = Make(6);
        using var large = Make(9);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var numbers = large.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        foreach (var (name, tensor) in small.NamedParameters())
            tensor.Copy(numbers[name]);
        var input = Tensor.Rand([1, 3, 8, 7]); // 9 × 9 inside
        float[] computed = small.Forward(input).ToArray<float>(), stored = large.Forward(input).ToArray<float>();
        Assert.Equal(stored, computed);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 40)]
    public void Pictures_smaller_than_a_window_go_through(int height, int width)
    {
        using var network = Make(6);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var output = network.Forward(Tensor.Rand([1, 3, height, width]));
        Assert.Equal([1, 3, height, width], output.Shape);
        Assert.True(output.AllFinite());
    }

    private static Network Make(int trainingSize)
    {
        var options = SmallNetworks.Options("swinir")!;
        options["trainingSize"] = trainingSize;
        var network = SwinIr.Entry.Create(options);
        network.Eval();
        return network;
    }
}

using Unpress.Torch.Nn;

namespace Unpress.Torch.Tests.Nn;

public class ModuleTests
{
    [Fact]
    public void Names_are_PyTorchs_for_the_same_tree()
    {
        using var network = Network();
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "2.0.weight"], network.NamedParameters().Select(p => p.Name));
        Assert.Equal(["1.running_mean", "1.running_var", "1.num_batches_tracked"], network.NamedBuffers().Select(b => b.Name));
        Assert.Equal((2 * 9) + 2 + 2 + 2 + (2 * 3), network.ParameterCount());
        Assert.All(network.NamedParameters(), p => Assert.True(p.Tensor.RequiresGrad));
        Assert.All(network.NamedBuffers(), b => Assert.False(b.Tensor.RequiresGrad));
    }

    [Fact]
    public void Disposing_the_root_frees_the_tree_even_when_it_was_made_inside_a_scope()
    {
        long before = Tensor.LiveCount;
        Sequential network;
        using (TensorScope.Enter())
            network = Network();
        Assert.Equal(before + network.StateDict().Count(), Tensor.LiveCount);
        network.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Training_and_evaluating_reach_every_child()
    {
        using var network = Network();
        Assert.All(Tree(network), module => Assert.True(module.Training));
        network.Eval();
        Assert.All(Tree(network), module => Assert.False(module.Training));
    }

    [Fact]
    public void Conversion_keeps_handles_gradients_and_whole_numbers()
    {
        using var network = Network();
        using var scope = TensorScope.Enter();
        (string Name, Tensor Tensor)[] before = [.. network.StateDict()];
        float[] weights = before[0].Tensor.ToArray<float>();
        network.To(Device.Cpu, DType.Float64, MemoryFormat.ChannelsLast);

        Assert.Equal(before, network.StateDict());
        Assert.Equal(DType.Int64, network.NamedBuffers().Last().Tensor.DType);
        Assert.All(network.NamedParameters(), p => Assert.Equal((DType.Float64, true), (p.Tensor.DType, p.Tensor.RequiresGrad)));
        Assert.Equal(weights.Select(w => (double)w), before[0].Tensor.ToArray<double>());

        network.Forward(Tensor.Ones([1, 1, 4, 4], DType.Float64)).Sum().Backward();
        Assert.All(network.NamedParameters(), p => Assert.Equal(p.Tensor.Shape, p.Tensor.Grad!.Shape));
    }

    [Fact]
    public void A_shared_child_is_trained_once_and_saved_under_all_its_names()
    {
        var shared = new PRelu();
        using var network = new Sequential(Conv2d.Same(1, 1, 1), shared, Conv2d.Same(1, 1, 1), shared);
        Assert.Equal(5, network.ParameterCount());
        Assert.Single(network.NamedParameters(), p => p.Tensor.Shape is [1] && p.Name == "1.weight");
        Assert.Equal(["0.weight", "0.bias", "1.weight", "2.weight", "2.bias", "3.weight"], network.StateDict().Select(p => p.Name));
    }

    private static Sequential Network() => new(Conv2d.Same(1, 2, 3), new BatchNorm2d(2), new Sequential(new Conv2d(2, 3, 1, bias: false)), new Relu());

    private static IEnumerable<Module> Tree(Module root) => root.Children.SelectMany(child => Tree(child.Module)).Prepend(root);
}

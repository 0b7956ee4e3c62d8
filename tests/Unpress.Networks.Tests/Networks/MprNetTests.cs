using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks;

public sealed class MprNetTests
{
    [Fact]
    public void Gradients_of_all_stages_are_slopes()
    {
        using var network = Make(new MprNetOptions { Width = 2, UNetGrowth = 1, FullSizeGrowth = 1, Blocks = 1, Reduction = 2 });
        network.To(Device.Cpu, DType.Float64);
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, 3, 7, 9], DType.Float64);
        SlopeCheck.Run(() => Tensor.Cat(network.AllStages(input), 1), [("input", input), .. network.NamedParameters()]);
    }

    [Fact]
    public void The_last_stage_is_the_result_and_all_have_the_pictures_size()
    {
        using var network = Make(new MprNetOptions { Width = 4, Blocks = 1 });
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([2, 3, 17, 23]);
        var stages = network.AllStages(input);
        Assert.Equal(3, stages.Length);
        Assert.All(stages, stage => Assert.Equal(input.Shape, stage.Shape));
        Assert.Equal(network.Forward(input).ToArray<float>(), stages[2].ToArray<float>());
        Assert.NotEqual(stages[0].ToArray<float>(), stages[1].ToArray<float>());
    }

    [Fact]
    public void Without_attention_the_reach_is_that_of_the_convolutions()
    {
        using var network = Make(new MprNetOptions { Width = 4, UNetGrowth = 2, FullSizeGrowth = 2, Blocks = 1, Reduction = 2 });
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        foreach (var (name, gate) in network.NamedParameters())
            if (name.EndsWith("conv_du.2.weight", StringComparison.Ordinal))
                Init.Constant(gate, 0); // every channel is weighed alike
        int receptiveField = network.Facts.ReceptiveField;
        long width = (2L * receptiveField) + 48;
        var picture = Tensor.Rand([1, 3, 16, width]);
        var changed = picture.Clone();
        changed.Narrow(3, 0, 8).Fill(0.9);
        var difference = (network.Forward(picture) - network.Forward(changed)).Abs();
        Assert.Equal(0, difference.Narrow(3, 8 + receptiveField, width - 8 - receptiveField).Max().Item());
        Assert.True(difference.Narrow(3, 8, receptiveField / 2).Max().Item() > 0);
    }

    private static MprNet Make(MprNetOptions options)
    {
        TorchRuntime.Seed(3);
        var network = new MprNet(options);
        network.Eval();
        return network;
    }
}

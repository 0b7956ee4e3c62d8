using Unpress.Torch.Nn;
using Unpress.Torch.Optim;

namespace Unpress.Torch.Tests;

/// <summary>The engine as a whole: a small regression learns, and nothing stays behind.</summary>
public sealed class EngineTests
{
    [Fact]
    public void A_convolution_learns_to_blur_and_leaves_no_tensor_behind()
    {
        TorchRuntime.Seed(1);
        long before = Tensor.LiveCount;
        double first = 0, last = 0;
        using (var network = Conv2d.Same(1, 1, 3))
        using (var optimizer = new Adam(network.NamedParameters(), 0.05))
        {
            for (int step = 0; step < 120; step++)
            {
                using var scope = TensorScope.Enter();
                var x = Tensor.Rand([4, 1, 12, 12]);
                var y = Functional.AvgPool2d(x, 3, 1, 1);
                optimizer.ZeroGrad();
                var loss = Functional.MseLoss(network.Forward(x), y);
                loss.Backward();
                optimizer.Step();
                last = loss.Item();
                if (step == 0)
                    first = last;
            }
        }

        Assert.True(last < first / 50, $"loss went from {first} to {last}");
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_refusal_of_libtorch_arrives_as_readable_text()
    {
        using var a = Tensor.Zeros([2, 3]);
        using var b = Tensor.Zeros([4, 5]);
        var error = Assert.Throws<TorchException>(() => a.MatMul(b));
        Assert.Contains("aten::matmul", error.Message);
        Assert.DoesNotContain("frame #", error.Message);
    }

    [Fact]
    public void An_unknown_operator_is_named()
    {
        var error = Assert.Throws<TorchException>(() => Op.Find("aten::no_such_thing").Call());
        Assert.Contains("no_such_thing", error.Message);
    }

    [Fact]
    public void The_generic_door_takes_lists_strings_and_defaults()
    {
        using var a = Tensor.From([1f, 2f, 3f, 4f], 2, 2);
        using var summed = Op.Find("aten::sum.dim_IntList").Call(a, new long[] { 0 }, true);
        Assert.Equal([4f, 6f], summed.ToArray<float>());
        Assert.Equal([1, 2], summed.Shape);
        using var gelu = Op.Find("aten::gelu").Call(a, "tanh");
        Assert.Equal(0.8412, gelu.ToArray<float>()[0], 3);
        var parts = Op.Find("aten::split.Tensor").CallMany(a, 1L);
        Assert.Equal(2, parts.Length);
        foreach (var part in parts)
            part!.Dispose();
    }
}

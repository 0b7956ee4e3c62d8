using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

public sealed class RbqeTests
{
    private const double Never = 2, Always = -1;

    [Fact]
    public void Gradients_of_all_exits_are_slopes()
    {
        using var network = Make(new RbqeOptions { Width = 2, Depth = 3, Attention = true });
        network.To(Device.Cpu, DType.Float64);
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, 3, 7, 9], DType.Float64);
        SlopeCheck.Run(() => Tensor.Cat(network.AllExits(input), 1), [("input", input), .. network.NamedParameters()]);
    }

    [Fact]
    public void An_exit_that_is_asked_for_is_the_one_of_all_exits_at_odd_sizes_too()
    {
        using var network = Make(new RbqeOptions { Width = 2, Depth = 3 });
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([2, 3, 17, 23]);
        var all = network.AllExits(input);
        Assert.Equal(3, all.Length);
        for (int exit = 0; exit < all.Length; exit++)
            Assert.Equal(all[exit].ToArray<float>(), network.Forward(input, new Conditions { Exit = exit }).ToArray<float>());
        Assert.NotEqual(all[0].ToArray<float>(), all[1].ToArray<float>());
        Assert.Equal(all[2].ToArray<float>(), network.Train() is Rbqe training ? training.Forward(input).ToArray<float>() : []);
        Assert.Throws<ArgumentException>(() => network.Forward(input, new Conditions { Exit = 3 }));
    }

    [Theory]
    [InlineData(Never, 2)]
    [InlineData(Always, 0)]
    public void The_threshold_decides_once_for_whole_picture_and_tiles(double threshold, int expected)
    {
        using var network = Make(new RbqeOptions { Width = 2, Depth = 3, Threshold = threshold });
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, 3, 24, 29]);
        var surveyed = network.Survey(input, Conditions.None);
        Assert.Equal(expected, surveyed.Exit);
        Assert.Equal(network.Forward(input, surveyed).ToArray<float>(), network.Forward(input).ToArray<float>());
        var given = new Conditions { Exit = 1 };
        Assert.Same(given, network.Survey(input, given));
    }

    [Fact]
    public void Each_picture_of_a_batch_leaves_at_its_own_exit()
    {
        using var probe = Make(new RbqeOptions { Width = 2, Depth = 2 });
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var busy = Tensor.Rand([1, 3, 32, 32]);
        var flat = Tensor.Ones([1, 3, 32, 32]) * 0.5;
        double high = BlindQuality.Score(probe.AllExits(busy)[0], 8), low = BlindQuality.Score(probe.AllExits(flat)[0], 8);
        Assert.NotEqual(high, low, 3);
        using var network = Make(new RbqeOptions { Width = 2, Depth = 2, Threshold = (high + low) / 2 });
        Tensor[] pictures = high > low ? [busy, flat] : [flat, busy];
        var batch = network.Forward(Tensor.Cat(pictures, 0));
        Assert.Equal(network.AllExits(pictures[0])[0].ToArray<float>(), batch.Narrow(0, 0, 1).ToArray<float>());
        Assert.Equal(network.AllExits(pictures[1])[1].ToArray<float>(), batch.Narrow(0, 1, 1).ToArray<float>());
    }

    [Theory]
    [InlineData(0, 2 + 3 + 2 + 1)]
    [InlineData(1, 2 + 3 + 2 + 3 + 4 + 1)]
    [InlineData(2, 2 + 3 + 2 + 3 + 4 + 3 + 6 + 1)]
    public void Exits_that_are_not_needed_are_not_computed(int exit, int convolutions)
    {
        using var network = Make(new RbqeOptions { Width = 2, Depth = 3 });
        using var scope = TensorScope.Enter();
        int count = 0;
        using (Op.Observe((op, _, _) => count += op.Name == "aten::conv2d" ? 1 : 0))
            network.Forward(Tensor.Rand([1, 3, 8, 8]), new Conditions { Exit = exit });
        Assert.Equal(convolutions, count);
    }

    [Fact]
    public void The_basis_is_orthonormal_and_has_the_published_rows()
    {
        double[] rows = BlindQuality.Basis(4);
        double[] published = [0.5, 0.5, 0.5, 0.5, -0.6708, -0.2236, 0.2236, 0.6708, 0.5, -0.5, -0.5, 0.5, -0.2236, 0.6708, -0.6708, 0.2236];
        for (int k = 0; k < rows.Length; k++)
            Assert.Equal(published[k], rows[k], 1e-4);
        double[] eight = BlindQuality.Basis(8);
        for (int a = 0; a < 8; a++)
            for (int b = 0; b < 8; b++)
                Assert.Equal(a == b ? 1 : 0, Enumerable.Range(0, 8).Sum(x => eight[(a * 8) + x] * eight[(b * 8) + x]), 1e-12);
    }

    [Fact]
    public void A_picture_without_a_whole_block_leaves_at_once()
        => Assert.Equal(1, BlindQuality.Score(Tensor.Zeros([1, 1, 15, 40]), 8));

    private static Rbqe Make(RbqeOptions options)
    {
        TorchRuntime.Seed(3);
        var network = new Rbqe(options);
        network.Eval();
        return network;
    }
}

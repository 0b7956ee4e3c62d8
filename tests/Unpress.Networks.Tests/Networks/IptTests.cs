using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

public sealed class IptTests
{
    private const int Patch = 8;

    /// <summary>All squares of a picture at once would take 192 bytes a pixel on top, all their middles 48 to 96.</summary>
    [Fact]
    public void It_takes_little_memory_for_a_pixel_whatever_its_width()
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var network = Ipt.Entry.Create(new JsonObject { ["width"] = 1, ["heads"] = 1, ["layers"] = 1 });
        network.Eval();
        var picture = Tensor.Zeros([1, 3, 128, 1024]);
        TorchRuntime.EmptyCpuCache();
        TorchRuntime.ResetCpuPeak();
        long before = TorchRuntime.CpuMemory().Live;
        network.Forward(picture);
        Assert.InRange((TorchRuntime.CpuMemory().Peak - before) / (128.0 * 1024), 48, 90);
    }

    [Fact]
    public void It_has_the_published_number_of_parameters()
    {
        using var shapes = ShapesOnly.Enter();
        using var network = Ipt.Entry.Create();
        Assert.Equal(115_312_707, network.ParameterCount());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_pixel_is_the_mean_of_the_squares_whose_middle_covers_it(int stride)
    {
        using var network = Make(stride);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, 3, 24, 20]);
        var output = network.Forward(input);
        const int Y = 11, X = 9;
        int middle = Math.Max(Patch / 2, stride), edge = (Patch - middle) / 2;
        double sum = 0;
        int count = 0;
        for (int top = 0; top <= 24 - Patch; top++)
        {
            for (int left = 0; left <= 20 - Patch; left++)
            {
                bool onGrid = (top + Patch / 2) % stride == 0 && (left + Patch / 2) % stride == 0;
                bool covers = Y - top >= edge && Y - top < edge + middle && X - left >= edge && X - left < edge + middle;
                if (!onGrid || !covers)
                    continue;
                var square = network.RestoreSquares(input.Narrow(2, top, Patch).Narrow(3, left, Patch));
                sum += square.Narrow(1, 1, 1).Narrow(2, Y - top, 1).Narrow(3, X - left, 1).Item();
                count++;
            }
        }

        Assert.Equal(middle / stride * (middle / stride), count);
        Assert.Equal(sum / count, output.Narrow(1, 1, 1).Narrow(2, Y, 1).Narrow(3, X, 1).Item(), 4);
    }

    [Fact]
    public void Training_patches_go_through_as_they_are()
    {
        using var network = Make(2);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([2, 3, Patch, Patch]);
        network.Train();
        Assert.Equal(network.RestoreSquares(input).ToArray<float>(), network.Forward(input).ToArray<float>());
    }

    [Fact]
    public void A_pass_tells_how_far_it_is_and_can_be_ended()
    {
        using var network = Make(2);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, 3, 12, 10]);
        var told = new List<double>();
        network.Forward(input, new Conditions { Progress = told.Add });
        Assert.True(told.Count > 2);
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1]);
        Assert.Throws<OperationCanceledException>(() => network.Forward(input, new Conditions { Progress = _ => throw new OperationCanceledException() }));
    }

    private static Ipt Make(int stride)
    {
        var options = SmallNetworks.Options("ipt")!;
        options["stride"] = stride;
        TorchRuntime.Seed(5);
        var network = (Ipt)Ipt.Entry.Create(options);
        network.Eval();
        return network;
    }
}

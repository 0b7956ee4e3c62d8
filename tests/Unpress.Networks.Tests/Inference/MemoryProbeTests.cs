using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Inference;

public sealed class MemoryProbeTests
{
    private const int Side = 512;

    /// <summary>What a network takes whatever the size, here 16 MB, must not be counted for every pixel, and what grows must be.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(16 << 20)]
    public void What_fits_by_the_probe_fits(int fixedBytes)
    {
        using var noGrad = Autograd.NoGrad();
        using var network = new FunctionNetwork(1, x => Tower(x, fixedBytes));
        var probe = new MemoryProbe(network, Device.Cpu);
        long need = Need(network);
        Assert.Equal(Side * Side, probe.PixelsIn(need * 14 / 10, Side * Side));
        Assert.InRange(probe.PixelsIn(need, Side * Side), Side * Side * 7 / 10, (Side * Side) - 1);
    }

    [Fact]
    public void Without_memory_it_is_one_pixel_and_a_small_picture_is_not_measured()
    {
        int runs = 0;
        using var network = new FunctionNetwork(1, x =>
        {
            runs++;
            return x + 1;
        });
        var probe = new MemoryProbe(network, Device.Cpu);
        Assert.Equal(100, probe.PixelsIn(1 << 30, 100));
        Assert.Equal(0, runs);
        Assert.Equal(1, probe.PixelsIn(-1, 100));
        Assert.Equal(2, runs);
    }

    /// <summary>384 bytes for a pixel, and some for none.</summary>
    private static Tensor Tower(Tensor x, int fixedBytes)
    {
        var parts = Enumerable.Range(0, 96).Select(k => x + k).ToList();
        parts.Add(Tensor.Zeros([1 + (fixedBytes / 4)]));
        return parts[0].Alias();
    }

    private static long Need(Network network)
    {
        using var scope = TensorScope.Enter();
        TorchRuntime.EmptyCpuCache();
        TorchRuntime.ResetCpuPeak();
        long before = TorchRuntime.CpuMemory().Live;
        network.Forward(Tensor.Zeros([1, 1, Side, Side]));
        return TorchRuntime.CpuMemory().Peak - before;
    }
}

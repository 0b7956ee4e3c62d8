namespace Unpress.Torch.Tests;

/// <summary>Memory of large tensors is given out again, and never more is held than tensors alone needed at their height.</summary>
public sealed class TensorMemoryTests : IDisposable
{
    private const long Mebi = 1 << 20;

    public TensorMemoryTests() => TorchRuntime.EmptyCpuCache();

    public void Dispose() => TorchRuntime.EmptyCpuCache();

    [Fact]
    public void A_block_that_came_back_serves_the_next_tensor()
    {
        long live = TorchRuntime.CpuMemory().Live;
        nint first = Address(8 * Mebi);
        Assert.Equal((live, 8 * Mebi), (TorchRuntime.CpuMemory().Live, TorchRuntime.CpuMemory().Kept));
        Assert.Equal(first, Address(8 * Mebi));
        Assert.Equal(first, Address(5 * Mebi));
        Assert.Equal(8 * Mebi, TorchRuntime.CpuMemory().Kept);
        TorchRuntime.EmptyCpuCache();
        Assert.Equal(0, TorchRuntime.CpuMemory().Kept);
    }

    [Fact]
    public void Kept_blocks_of_the_wrong_size_make_room()
    {
        long live = TorchRuntime.CpuMemory().Live;
        using (Bytes(8 * Mebi))
        using (Bytes(8 * Mebi))
        using (Bytes(8 * Mebi))
            Assert.Equal(live + (24 * Mebi), TorchRuntime.CpuMemory().Live);
        TorchRuntime.ResetCpuPeak();
        using (Bytes(20 * Mebi))
            Assert.Equal(0, TorchRuntime.CpuMemory().Kept);
        Assert.Equal(live + (24 * Mebi), TorchRuntime.CpuMemory().Peak);
    }

    [Fact]
    public void Small_tensors_are_not_kept()
    {
        var before = TorchRuntime.CpuMemory();
        using (Bytes(1000))
            Assert.Equal(before.Live, TorchRuntime.CpuMemory().Live);
        Assert.Equal(before.Kept, TorchRuntime.CpuMemory().Kept);
    }

    [Fact]
    public void More_than_the_machine_has_is_refused()
        => Assert.Contains("can't allocate memory", Assert.Throws<TorchException>(() => Bytes(1L << 50)).Message, StringComparison.Ordinal);

    private static Tensor Bytes(long count) => Tensor.Empty([count], DType.UInt8);

    private static unsafe nint Address(long count)
    {
        using var tensor = Bytes(count);
        fixed (byte* start = tensor.Memory<byte>())
            return (nint)start;
    }
}

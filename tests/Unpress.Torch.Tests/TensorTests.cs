namespace Unpress.Torch.Tests;

public class TensorTests
{
    [Fact]
    public void Numbers_of_every_type_go_in_and_come_out()
    {
        RoundTrip<byte>([0, 255]);
        RoundTrip<sbyte>([-128, 127]);
        RoundTrip<short>([short.MinValue, 7]);
        RoundTrip<int>([int.MinValue, 7]);
        RoundTrip<long>([long.MinValue, 7]);
        RoundTrip<Half>([(Half)0.5, Half.NaN]);
        RoundTrip<float>([0.1f, float.NegativeInfinity]);
        RoundTrip<double>([0.1, double.Epsilon]);
        RoundTrip<bool>([true, false]);
    }

    [Fact]
    public void Elements_come_out_in_row_major_order_whatever_the_layout()
    {
        using var scope = TensorScope.Enter();
        float[] values = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        Tensor tensor = Tensor.From(values, 1, 2, 3, 4);
        Tensor last = tensor.Contiguous(MemoryFormat.ChannelsLast);
        Assert.Equal(values, last.ToArray<float>());
        last.Write<float>([.. values.Reverse()]);
        Assert.Equal(values.Reverse(), last.ToArray<float>());
        Assert.Equal(values, tensor.ToArray<float>());
        Assert.Equal([0f, 4, 8, 1, 5, 9], tensor.Narrow(1, 0, 1).Transpose(2, 3).Narrow(2, 0, 2).ToArray<float>());
        Assert.Throws<TorchException>(() => last.Memory<float>().Length);
    }

    [Fact]
    public void Memory_is_the_tensors_own()
    {
        using Tensor tensor = Tensor.Zeros([2]);
        using Tensor alias = tensor.Alias();
        tensor.Memory<float>()[1] = 5;
        Assert.Equal([0f, 5f], alias.ToArray<float>());
    }

    [Fact]
    public void The_wrong_element_type_or_length_is_refused()
    {
        using Tensor tensor = Tensor.Zeros([2]);
        Assert.Throws<ArgumentException>(tensor.ToArray<int>);
        Assert.Throws<ArgumentException>(() => tensor.Write<int>([1, 2]));
        Assert.Throws<TorchException>(() => tensor.Write<float>([1, 2, 3]));
        Assert.Throws<TorchException>(() => Tensor.From([1f, 2f], 3));
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        Tensor tensor = Tensor.Zeros([2]);
        tensor.Dispose();
        tensor.Dispose();
        Assert.True(tensor.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => tensor.Shape);
        Assert.Throws<ObjectDisposedException>(() => tensor + 1);
        Assert.Equal("Tensor (disposed)", tensor.ToString());
    }

    [Fact]
    public void A_scope_frees_what_it_saw_and_hands_out_what_is_kept()
    {
        Tensor inner, kept, outerOnly;
        using (var outer = TensorScope.Enter())
        {
            outerOnly = Tensor.Zeros([1]);
            using (var scope = TensorScope.Enter())
            {
                inner = Tensor.Zeros([1]);
                kept = scope.Keep(inner + 1);
            }
            Assert.True(inner.IsDisposed);
            Assert.False(kept.IsDisposed);
            Assert.False(outerOnly.IsDisposed);
        }
        Assert.True(kept.IsDisposed);
        Assert.True(outerOnly.IsDisposed);
    }

    [Fact]
    public void Finite_means_every_element()
    {
        using var scope = TensorScope.Enter();
        Assert.True(Tensor.From([1f, float.MaxValue, float.MaxValue], 3).AllFinite()); // their sum overflows
        Assert.False(Tensor.From([1f, float.NaN], 2).AllFinite());
        Assert.False(Tensor.From([float.PositiveInfinity, float.NegativeInfinity], 2).AllFinite());
    }

    [Fact]
    public void Autocast_computes_in_bf16_and_ends_with_its_block()
    {
        using var scope = TensorScope.Enter();
        Tensor a = Tensor.Ones([4, 4]);
        using (Autograd.Autocast(Device.Cpu, DType.BFloat16))
        {
            Assert.Equal(DType.BFloat16, a.MatMul(a).DType);
            using (Autograd.Autocast(Device.Cpu, DType.BFloat16))
                Assert.Equal(DType.BFloat16, a.MatMul(a).DType);
            Assert.Equal(DType.BFloat16, a.MatMul(a).DType);
        }
        Assert.Equal(DType.Float32, a.MatMul(a).DType);
    }

    private static void RoundTrip<T>(T[] values)
        where T : unmanaged
    {
        using Tensor tensor = Tensor.From(values, values.Length, 1);
        Assert.Equal([values.Length, 1L], tensor.Shape);
        Assert.Equal(values, tensor.ToArray<T>());
    }
}

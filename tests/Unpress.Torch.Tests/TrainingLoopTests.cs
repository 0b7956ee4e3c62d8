using Unpress.Torch.Nn;
using Unpress.Torch.Optim;

namespace Unpress.Torch.Tests;

/// <summary>A small training: nothing piles up, and one seed gives the same bits.</summary>
public sealed class TrainingLoopTests
{
    private const int Batch = 4, Size = 24;

    [Fact]
    public void Two_hundred_steps_leave_live_tensors_and_memory_flat()
    {
        var live = new List<long>();
        long resident = 0;
        long finalized = Tensor.FinalizedCount, before = Tensor.LiveCount;
        Train(1, 240, step =>
        {
            live.Add(Tensor.LiveCount);
            if (step == 40) resident = ResidentBytes();
        });
        long grown = ResidentBytes() - resident;

        Assert.All(live, count => Assert.Equal(live[0], count));
        Assert.Equal(before, Tensor.LiveCount);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(finalized, Tensor.FinalizedCount);
        // One activation of the network takes 147 kB: 29 MB in the end, if one stayed behind in each step.
        Assert.True(grown < 8 << 20, $"resident memory grew by {grown >> 10} KiB in 200 steps");
    }

    [Fact]
    public void A_leaked_tensor_is_seen_by_the_count_and_freed_by_the_collector()
    {
        long live = Tensor.LiveCount, finalized = Tensor.FinalizedCount;
        Leak();
        Assert.Equal(live + 1, Tensor.LiveCount);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(live, Tensor.LiveCount);
        Assert.Equal(finalized + 1, Tensor.FinalizedCount);
    }

    [Fact]
    public void Fifty_steps_from_one_seed_give_the_same_bits()
    {
        byte[] first = Train(11, 50);
        Assert.Equal(first, Train(11, 50));
        Assert.NotEqual(first, Train(12, 50));
    }

    // A residual network that learns to denoise; returns all it holds in the end, bit for bit.
    private static byte[] Train(ulong seed, int steps, Action<int>? afterStep = null)
    {
        TorchRuntime.Seed(seed);
        using var network = new Sequential(
            Conv2d.Same(3, 16, 3), new BatchNorm2d(16), new PRelu(16), Conv2d.Same(16, 16, 3), new Relu(), Conv2d.Same(16, 3, 3));
        using var optimizer = new Adam(network.NamedParameters(), 1e-3, new AdamOptions(WeightDecay: 0.01, Decoupled: true));
        using var ema = new Ema(network.NamedParameters(), 0.99);
        Schedule schedule = Schedules.WithWarmup(5, Schedules.Cosine(steps));
        for (int step = 0; step < steps; step++)
        {
            using (TensorScope.Enter())
            {
                Tensor clean = Functional.Interpolate(Tensor.Rand([Batch, 3, 6, 6]), Size, Size, Interpolation.Bicubic);
                Tensor noisy = clean + Tensor.Randn([Batch, 3, Size, Size]) * 0.1;
                optimizer.LearningRate = 1e-3 * schedule(step);
                optimizer.ZeroGrad();
                Functional.L1Loss(noisy + network.Forward(noisy), clean).Backward();
                GradientClip.ByNorm(network.NamedParameters(), 1);
                optimizer.Step();
                ema.Update();
            }
            afterStep?.Invoke(step);
        }
        return [.. network.StateDict().Concat(optimizer.StateDict()).Concat(ema.StateDict()).SelectMany(entry => Bytes(entry.Tensor))];
    }

    private static byte[] Bytes(Tensor tensor)
    {
        byte[] bytes = new byte[tensor.Count * tensor.DType.Size()];
        tensor.ReadBytes(bytes);
        return bytes;
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Leak() => _ = Tensor.Zeros([1]);
}

using Unpress.Torch.Nn;

namespace Unpress.Torch.Tests;

public class RandomnessTests
{
    [Fact]
    public void A_seed_gives_the_numbers_that_the_shared_generator_gives_for_it()
    {
        TorchRuntime.Seed(4);
        float[] shared = Draw();
        using var own = new Randomness(4, Device.Cpu);
        using var entered = own.Enter();
        Assert.Equal(shared, Draw());
        Assert.NotEqual(shared, Draw());
    }

    [Fact]
    public void Two_that_take_turns_and_the_shared_one_do_not_disturb_each_other()
    {
        using Randomness a = new(1, Device.Cpu), b = new(2, Device.Cpu), again = new(1, Device.Cpu);
        float[][] undisturbed = [Draw(again), Draw(again)];
        float[] first = Draw(a);
        TorchRuntime.Seed(1);
        float[] shared = Draw(), other = Draw(b), second = Draw(a);

        Assert.Equal(undisturbed, [first, second]);
        Assert.Equal(first, shared);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void It_is_the_threads_own_and_leaves_with_its_scope()
    {
        using Randomness outer = new(1, Device.Cpu), inner = new(2, Device.Cpu), inner2 = new(2, Device.Cpu);
        float[] expected = Draw(inner2);
        using var entered = outer.Enter();
        byte[] before = outer.State(Device.Cpu);
        var thread = new Thread(() => Draw());
        thread.Start();
        thread.Join();
        Assert.Equal(expected, Draw(inner));
        Assert.Equal(before, outer.State(Device.Cpu));
        Draw();
        Assert.NotEqual(before, outer.State(Device.Cpu));
    }

    [Fact]
    public void Its_state_can_be_put_back()
    {
        using var own = new Randomness(4, Device.Cpu);
        byte[] state = own.State(Device.Cpu);
        float[] first = Draw(own);
        own.SetState(Device.Cpu, state);
        Assert.Equal(first, Draw(own));
    }

    private static float[] Draw(Randomness from)
    {
        using var entered = from.Enter();
        return Draw();
    }

    // Every way to draw. Three normal numbers leave a fourth behind, which belongs to the state.
    private static float[] Draw()
    {
        using var scope = TensorScope.Enter();
        Tensor uniform = Tensor.Empty([5]), normal = Tensor.Empty([3]);
        Init.Uniform(uniform, -1, 1);
        Init.Normal(normal, 0, 2);
        return Tensor.Cat([uniform, normal, Tensor.Randn([3]), Tensor.Rand([4]), Tensor.Bernoulli(0.5, [20])], 0).ToArray<float>();
    }
}

using Unpress.Torch.Optim;

namespace Unpress.Torch.Tests.Optim;

public class EmaTests
{
    [Fact]
    public void It_follows_its_formula_with_a_short_memory_at_first()
    {
        using var scope = TensorScope.Enter();
        Tensor weight = Tensor.From([1.0, -2.0], 2);
        weight.RequiresGrad = true;
        using var ema = new Ema([("w", weight)], 0.9);
        double expected = 1;
        for (int n = 0; n < 100; n++)
        {
            double now = Math.Sin(n);
            weight.Write<double>([now, 0]);
            ema.Update();
            double decay = Math.Min(0.9, (1.0 + n) / (10.0 + n));
            expected = decay * expected + (1 - decay) * now;
        }
        Assert.Equal(100, ema.Updates);
        Assert.Equal(expected, Average(ema)[0], 1e-12);
        Assert.Equal("w", Assert.Single(ema.StateDict()).Name);
    }

    [Fact]
    public void Swapping_twice_changes_nothing_and_once_exchanges()
    {
        using var scope = TensorScope.Enter();
        Tensor weight = Tensor.From([1.0], 1);
        weight.RequiresGrad = true;
        using var ema = new Ema([("w", weight)], 0.5);
        weight.Write<double>([3.0]);
        ema.Swap();
        Assert.Equal((1.0, 3.0), (weight.Item(), Average(ema)[0]));
        Assert.True(weight.RequiresGrad);
        ema.Swap();
        Assert.Equal((3.0, 1.0), (weight.Item(), Average(ema)[0]));
    }

    [Fact]
    public void A_resumed_one_goes_on_alike()
    {
        using var scope = TensorScope.Enter();
        Tensor weight = Tensor.From([1.0], 1);
        using Ema first = new([("w", weight)], 0.99), second = new([("w", weight)], 0.99);
        for (int n = 0; n < 5; n++) Update(first, weight, n);
        second.StateDict().Single().Tensor.Copy(first.StateDict().Single().Tensor);
        second.Resume(first.Updates);
        Update(first, weight, 7);
        Update(second, weight, 7);
        Assert.Equal(Average(first), Average(second));
    }

    private static void Update(Ema ema, Tensor weight, double value)
    {
        weight.Write<double>([value]);
        ema.Update();
    }

    private static double[] Average(Ema ema) => ema.StateDict().Single().Tensor.ToArray<double>();
}

using System.Net;
using System.Net.Sockets;

namespace Unpress.Torch.Tests;

/// <summary>Two ranks in one process, a thread each.</summary>
public sealed class GradientExchangeTests
{
    [Theory]
    [InlineData(1)] // a bucket for each
    [InlineData(200)]
    [InlineData(1 << 20)] // one for all
    public async Task Gradients_become_the_means_of_both(long bucketBytes)
    {
        int port = FreePort();
        var made = await Task.WhenAll(Enumerable.Range(0, 2).Select(rank => Task.Run(() =>
        {
            using var group = new ProcessGroup(new Rendezvous(rank, 2, "127.0.0.1", port, rank == 0), TimeSpan.FromSeconds(60));
            using var scope = TensorScope.Enter();
            var parameters = new Parameters();
            using var exchange = new GradientExchange(group, parameters.All, bucketBytes);
            // The first part of a batch stays here, and goes along with the second.
            parameters.Backward(rank + 1);
            float[][] own = parameters.Gradients();
            exchange.Begin();
            parameters.Backward(rank + 3);
            exchange.Finish();
            float[][] means = parameters.Gradients();
            // What comes after it is one's own again.
            parameters.Backward(1);
            return (own, means, after: parameters.Gradients());
        })));

        var (first, second) = (Expected(1, 3), Expected(2, 4));
        for (int k = 0; k < 3; k++)
        {
            float[] mean = [.. first[k].Zip(second[k], (one, other) => (one + other) / 2)];
            Assert.All(made, rank => Close(mean, rank.means[k]));
            Assert.NotEqual(made[0].own[k], made[1].own[k]);
            Assert.Equal(made[0].after[k], made[1].after[k]);
            Assert.NotEqual(made[0].means[k], made[0].after[k]);
        }

        Assert.All(made, rank => Assert.Empty(rank.means[3])); // no loss depends on it
    }

    private static float[][] Expected(params int[] inputs)
    {
        using var scope = TensorScope.Enter();
        var parameters = new Parameters();
        foreach (int input in inputs)
            parameters.Backward(input);
        return parameters.Gradients();
    }

    private static void Close(float[] wanted, float[] found)
        => Assert.All(wanted.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * (1 + Math.Abs(pair.First))));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>(x·a + b)²·c, and one that is not used.</summary>
    private sealed class Parameters
    {
        public Parameters()
            => All = [Leaf(k => 0.1f * k, 8, 8), Leaf(k => k - 3, 8), Leaf(_ => 2, 1), Leaf(_ => 5, 3)];

        public Tensor[] All { get; }

        public void Backward(int input)
        {
            var x = Tensor.From([.. Enumerable.Range(0, 16).Select(k => (float)(k % 5 * input))], 2, 8);
            var y = x.MatMul(All[0]) + All[1];
            (y * y * All[2]).Sum().Backward();
        }

        public float[][] Gradients() => [.. All.Select(parameter => parameter.Grad?.ToArray<float>() ?? [])];

        private static Tensor Leaf(Func<int, float> value, params long[] shape)
        {
            var leaf = Tensor.From([.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(value)], shape);
            leaf.RequiresGrad = true;
            return leaf;
        }
    }
}

using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Jpeg;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Patches;
using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Tests.Losses;

/// <summary>Losses over all outputs of a network.</summary>
public sealed class StageLossTests
{
    [Fact]
    public void Exits_are_weighed_by_the_nearest_quality()
    {
        TorchRuntime.Seed(8);
        using var network = new Rbqe(new RbqeOptions { Width = 2, Channels = 1 });
        using var scope = TensorScope.Enter();
        Tensor x = Tensor.Rand([3, 1, 8, 8]), y = Tensor.Rand([3, 1, 8, 8]);
        var loss = new RbqeExitsLoss(new()).Evaluate(new LossInput(network, x, y, [Facts(100), Facts(34), Facts(15)]));
        double[][] weights = [[2, 1, 1, 0.5, 0.5], [0.5, 1, 2, 1, 0.5], [0.5, 0.5, 1, 2, 1]];
        var exits = network.AllExits(x);
        double expected = 0;
        for (int n = 0; n < 3; n++)
            for (int exit = 0; exit < 5; exit++)
                expected += weights[n][exit] * Functional.MseLoss(exits[exit].Narrow(0, n, 1), y.Narrow(0, n, 1)).Item() / 3;
        Assert.Equal(expected, loss.Item(), 1e-5);
        loss.Backward();
        Assert.All(network.NamedParameters(), entry => Assert.NotNull(entry.Tensor.Grad));
    }

    [Fact]
    public void A_network_without_exits_or_stages_is_refused()
    {
        using var network = new Dcad(new DcadOptions { Width = 2, Channels = 1 });
        var plan = new LossPlan(Recipe.Parse("name: a\nnetwork: { type: dcad }\ndata: { folders: [ { path: b } ] }\nobjective: [ { loss: l1 } ]\nsteps: 1",
            "a.yaml"), network, null);
        Assert.Equal("is for network rbqe with its five exits", Assert.Single(new RbqeExitsLoss(new()).Conflicts(plan)));
        Assert.Equal("is for network mprnet", Assert.Single(new MprNetStagesLoss().Conflicts(plan)));
        Assert.Equal("is for network dmcnn with scales: true", Assert.Single(new DmcnnScalesLoss(new()).Conflicts(plan)));
    }

    [Fact]
    public void Scales_are_compared_with_means_of_the_original_and_count_less_the_smaller_they_are()
    {
        TorchRuntime.Seed(10);
        using var network = new Dmcnn(new DmcnnOptions { Widths = [4, 5, 6], Dilations = [2], Scales = true });
        using var scope = TensorScope.Enter();
        Tensor x = Tensor.Rand([2, 1, 16, 16]), y = Tensor.Rand([2, 1, 16, 16]);
        var step = new LossInput(network, x, y, [Facts(20),
            Facts(20)])
        { Conditions = new Conditions { Jpeg = CoefficientRecovery.Of(x, [20, 20], ChromaSubsampling.C444) } };
        var loss = new DmcnnScalesLoss(new DmcnnScalesOptions { Scale = 0.5, Rectified = 0.25 }).Evaluate(step);
        var (scales, rectified) = network.AllScales(x, step.Conditions);
        Assert.Equal([16L, 8L, 4L], scales.Select(picture => picture.Size(2)));
        Assert.Equal(step.Enhanced.ToArray<float>(), scales[0].ToArray<float>());
        double expected = 0.25 * Squares(rectified.ToArray<float>(), y.ToArray<float>());
        for (int i = 0; i < 3; i++)
            expected += Math.Pow(0.5, i) * Squares(scales[i].ToArray<float>(), Means(y.ToArray<float>(), 16, 1 << i));
        Assert.Equal(expected, loss.Item(), 1e-5);
        loss.Backward();
        Assert.All(network.NamedParameters(), entry => Assert.NotNull(entry.Tensor.Grad));

        static double Squares(float[] a, float[] b) => a.Zip(b, (one, other) => (double)(one - other) * (one - other)).Average();

        // Of squares of a batch of square planes.
        static float[] Means(float[] pixels, int side, int ratio) =>
        [
            .. from n in Enumerable.Range(0, pixels.Length / (side * side))
               from row in Enumerable.Range(0, side / ratio)
               from column in Enumerable.Range(0, side / ratio)
               select (from down in Enumerable.Range(0, ratio)
                       from across in Enumerable.Range(0, ratio)
                       select pixels[(n * side * side) + (((row * ratio) + down) * side) + (column * ratio) + across]).Average(),
        ];
    }

    [Fact]
    public void Edges_are_where_pictures_change_and_their_loss_is_the_difference()
    {
        using var scope = TensorScope.Enter();
        float[] step = [.. Enumerable.Range(0, 36).Select(i => i % 6 < 3 ? 0f : 1f)];
        var picture = Tensor.From(step, 1, 1, 6, 6);
        float[] edges = EdgeLoss.Edges(picture).ToArray<float>();
        for (int i = 0; i < 36; i++)
            Assert.Equal(i % 6 is 2 or 3 ? 1 : 0, edges[i], 2e-3);

        using var network = new Dcad(new DcadOptions { Width = 2, Channels = 1 });
        var input = new LossInput(network, picture * 0.5, picture, [Facts(10)]);
        double expected = edges.Zip(EdgeLoss.Edges(input.Enhanced).ToArray<float>(), (raw, enhanced) => Math.Abs(raw - enhanced)).Average();
        var loss = new EdgeLoss().Evaluate(input);
        Assert.Equal(expected, loss.Item(), 1e-5);
        loss.Backward();
        Assert.All(network.NamedParameters(), entry => Assert.NotNull(entry.Tensor.Grad));
    }

    [Fact]
    public void Stages_sum_differences_of_pictures_and_of_edges()
    {
        TorchRuntime.Seed(9);
        using var network = new MprNet(new MprNetOptions { Channels = 1, Width = 2, UNetGrowth = 1, FullSizeGrowth = 1, Blocks = 1, Reduction = 2 });
        using var scope = TensorScope.Enter();
        Tensor x = Tensor.Rand([1, 1, 8, 16]), y = Tensor.Rand([1, 1, 8, 16]);
        var loss = new MprNetStagesLoss().Evaluate(new LossInput(network, x, y, [Facts(50)]));
        double expected = 0;
        foreach (var stage in network.AllStages(x))
            expected += Charbonnier((stage - y).ToArray<float>())
                + (0.05 * Charbonnier(Edges(stage.ToArray<float>(), 8, 16).Zip(Edges(y.ToArray<float>(), 8, 16), (a, b) => a - b).ToArray()));
        Assert.Equal(expected, loss.Item(), 1e-5);
        loss.Backward();
        Assert.All(network.NamedParameters(), entry => Assert.NotNull(entry.Tensor.Grad));
    }

    private static double Charbonnier(float[] differences) => differences.Average(d => Math.Sqrt((d * d) + 1e-6));

    // Pixel by pixel: the picture less what is left of it after blurring, every second pixel, times four, blurring.
    private static float[] Edges(float[] picture, int height, int width)
    {
        double[] taps = [0.05, 0.25, 0.4, 0.25, 0.05];
        double[] low = Blur([.. picture.Select(p => (double)p)]);
        double[] thin = [.. low.Select((p, k) => k / width % 2 == 0 && k % width % 2 == 0 ? 4 * p : 0)];
        return [.. picture.Zip(Blur(thin), (p, smooth) => (float)(p - smooth))];

        double[] Blur(double[] from)
        {
            var to = new double[from.Length];
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    for (int dy = -2; dy <= 2; dy++)
                        for (int dx = -2; dx <= 2; dx++)
                            to[(y * width) + x] += taps[dy + 2] * taps[dx + 2]
                                * from[(Math.Clamp(y + dy, 0, height - 1) * width) + Math.Clamp(x + dx, 0, width - 1)];
            return to;
        }
    }

    private static PatchFacts Facts(int quality)
        => new(0, 0, 0, 0, false, new DegradationFacts(quality < 100, quality, 0, ChromaSubsampling.C420, 0, 0, 0, 0));
}

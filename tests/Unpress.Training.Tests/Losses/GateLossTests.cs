using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Patches;
using Unpress.Recipes;
using Unpress.Tests.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Losses;

public sealed class GateLossTests
{
    [Fact]
    public void It_is_the_cross_entropy_of_open_for_compressed_and_closed_for_raw_and_enhanced()
    {
        using var network = (Gated)SmallNetworks.Make("gated");
        using var scope = TensorScope.Enter();
        Tensor x = Levels(), y = Levels();
        double loss = new GateLoss().Evaluate(new LossInput(network, x, y, [Facts(30), Facts(100)])).Item();
        double[] compressed = Strengths(network, x), raw = Strengths(network, y), enhanced = Strengths(network, AsFile(network.Forward(x)));
        // The second patch of x was not compressed: it is raw.
        double expected = -(Math.Log(compressed[0]) + Math.Log(1 - compressed[1])) / 2;
        expected -= (raw.Average(s => Math.Log(1 - s)) + enhanced.Average(s => Math.Log(1 - s))) / 2;
        Assert.Equal(expected, loss, 1e-5);
    }

    [Fact]
    public void Only_the_gate_learns_from_it()
    {
        using var network = (Gated)SmallNetworks.Make("gated");
        using var scope = TensorScope.Enter();
        new GateLoss().Evaluate(new LossInput(network, Levels(), Levels(), [Facts(30), Facts(50)])).Backward();
        foreach (var (name, parameter) in network.NamedParameters())
            Assert.True(name.StartsWith("gate.", StringComparison.Ordinal) == (parameter.Grad is { } grad && grad.Abs().Sum().Item() > 0), name);
    }

    [Fact]
    public void A_network_without_a_gate_is_refused()
    {
        using var network = SmallNetworks.Make("dcad");
        var plan = new LossPlan(Recipe.Parse("name: a\nnetwork: { type: dcad }\ndata: { folders: [ { path: b } ] }\nobjective: [ { loss: l1 } ]\nsteps: 1",
            "a.yaml"), network, null);
        Assert.Equal("needs a network with a gate: gated", Assert.Single(new GateLoss().Conflicts(plan)));
    }

    private static Tensor Levels() => AsFile(Tensor.Rand([2, 3, 16, 16]));

    private static Tensor AsFile(Tensor picture)
        => Tensor.From([.. picture.ToArray<float>().Select(value => MathF.Round(Math.Clamp(value, 0, 1) * 255) / 255)], picture.Shape);

    private static double[] Strengths(Gated network, Tensor picture) => [.. network.Strength(picture).ToArray<float>().Select(s => (double)s)];

    private static PatchFacts Facts(int quality)
        => new(0, 0, 0, 0, false, new DegradationFacts(quality < 100, quality, 0, ChromaSubsampling.C420, 0, 0, 0, 0));
}

using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks;

public sealed class GatedTests
{
    [Fact]
    public void A_closed_gate_returns_the_picture_and_an_open_one_the_networks_result()
    {
        using var network = (Gated)SmallNetworks.Make("gated");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([2, 3, 11, 19]);
        var inner = (Network)network.Children.Single(child => child.Name == "network").Module;
        Bias(network, -100);
        Assert.Equal(0, (network.Forward(input) - input).Abs().Max().Item());
        Bias(network, 100);
        Assert.InRange((network.Forward(input) - inner.Forward(input)).Abs().Max().Item(), 0, 1e-6);
    }

    [Fact]
    public void Its_options_hold_those_of_the_network_behind_it_where_nothing_was_said()
        => Assert.Equal(20, NetworkCatalog.Find("gated").Resolve(null)["options"]!["depth"]!.GetValue<int>());

    [Fact]
    public void Every_picture_of_a_batch_has_its_own_strength()
    {
        using var network = (Gated)SmallNetworks.Make("gated");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        Tensor flat = Tensor.Ones([1, 3, 16, 16]) * 0.5, rough = Tensor.Rand([1, 3, 16, 16]);
        var both = network.Strength(Tensor.Cat([flat, rough], 0));
        Assert.Equal([2, 1], both.Shape);
        Assert.Equal(network.Strength(flat).Item(), both.Narrow(0, 0, 1).Item(), 6);
        Assert.Equal(network.Strength(rough).Item(), both.Narrow(0, 1, 1).Item(), 6);
    }

    [Fact]
    public void Tiles_share_the_strength_of_the_survey()
    {
        using var network = (Gated)SmallNetworks.Make("gated");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var picture = Tensor.Rand([1, 3, 24, 48]);
        var tile = picture.Narrow(3, 0, 24);
        var known = network.Survey(picture, Conditions.None);
        var whole = network.Forward(picture).Narrow(3, 0, 12);
        Assert.InRange((network.Forward(tile, known).Narrow(3, 0, 12) - whole).Abs().Max().Item(), 0, 1e-6);
        Assert.NotEqual(0, (network.Forward(tile).Narrow(3, 0, 12) - whole).Abs().Max().Item());
    }

    [Fact]
    public void All_options_of_the_network_behind_it_are_stored()
    {
        var options = Gated.Entry.Resolve(new JsonObject { ["network"] = "dncnn", ["options"] = new JsonObject { ["depth"] = 5 } });
        Assert.Equal(5, (int)options["options"]!["depth"]!);
        Assert.Equal(64, (int)options["options"]!["width"]!);
    }

    [Fact]
    public void A_gate_behind_a_gate_is_refused()
        => Assert.Contains("gate", Assert.Throws<ArgumentException>(
            () => Gated.Entry.Create(new JsonObject { ["network"] = "gated" })).Message, StringComparison.Ordinal);

    private static void Bias(Module network, double value)
        => Init.Constant(network.NamedParameters().Single(entry => entry.Name == "gate.last.bias").Tensor, value);
}

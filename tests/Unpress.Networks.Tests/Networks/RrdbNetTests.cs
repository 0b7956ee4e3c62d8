using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

public sealed class RrdbNetTests
{
    [Theory]
    [InlineData("esrgan", "{}", 6_694_915)]
    [InlineData("realesrgan", "{}", 16_723_907)]
    [InlineData("realesrgan", """{ "scale": 2 }""", 16_703_171)]
    [InlineData("realesrgan", """{ "scale": 4 }""", 16_697_987)]
    [InlineData("srgan", "{}", 1_222_147)]
    [InlineData("iegan", "{}", 1_254_036)]
    public void Published_parameter_counts_of_the_generators(string name, string options, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var network = NetworkCatalog.Find(name).Create(JsonNode.Parse(options)!.AsObject());
        Assert.Equal(expected, network.ParameterCount());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_restoration_keeps_the_size_and_enlarging_does_not(int scale)
    {
        using var scope = TensorScope.Enter();
        using var network = new RrdbNet(new() { Width = 4, Blocks = 1, Growth = 3, Scale = scale });
        var picture = Tensor.Rand([1, 3, 8, 12]);
        var large = network.Enlarge(picture);
        Assert.Equal([1, 3, 8 * scale, 12 * scale], large.Shape);
        var cell = large.Narrow(2, 0, scale).Narrow(3, scale, scale).Mean([2, 3]).ToArray<float>();
        var restored = network.Forward(picture).Narrow(2, 0, 1).Narrow(3, 1, 1).ToArray<float>();
        for (int k = 0; k < 3; k++)
            Assert.Equal(cell[k], restored[k], 1e-6);
    }

    [Theory]
    [InlineData("RRDB_trunk.22.RDB3.conv5.weight", "body.22.rdb3.conv5.weight")]
    [InlineData("trunk_conv.bias", "conv_body.bias")]
    [InlineData("upconv1.weight", "conv_up1.weight")]
    [InlineData("upconv2.weight", "conv_up2.weight")]
    [InlineData("HRconv.weight", "conv_hr.weight")]
    [InlineData("model.0.weight", "conv_first.weight")]
    [InlineData("model.1.sub.0.RDB1.conv2.0.bias", "body.0.rdb1.conv2.bias")]
    [InlineData("1.sub.0.RDB1.conv2.0.bias", "body.0.rdb1.conv2.bias")]
    [InlineData("model.1.sub.23.weight", "conv_body.weight")]
    [InlineData("model.3.weight", "conv_up1.weight")]
    [InlineData("model.6.weight", "conv_up2.weight")]
    [InlineData("model.8.weight", "conv_hr.weight")]
    [InlineData("model.10.bias", "conv_last.bias")]
    [InlineData("body.1.rdb1.conv1.weight", "body.1.rdb1.conv1.weight")]
    [InlineData("conv_first.weight", "conv_first.weight")]
    [InlineData("model.7.weight", "model.7.weight")]
    public void Names_of_earlier_releases_become_ours(string old, string ours) => Assert.Equal(ours, RrdbNetNames.ToOurs(old));

    [Fact]
    public void Mmedits_names_of_the_plain_generator_become_ours()
        => Assert.Equal("body.3.conv1.weight", MsrResNetNames.ToOurs("trunk_net.3.conv1.weight"));

    [Fact]
    public void It_starts_at_a_tenth_of_Hes_rule_without_biases()
    {
        TorchRuntime.Seed(2);
        using var scope = TensorScope.Enter();
        using var network = new MsrResNet(new() { Width = 32, Blocks = 1 });
        var parameters = network.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Assert.Equal(0, parameters["body.0.conv1.bias"].Abs().Max().Item());
        double deviation = parameters["body.0.conv1.weight"].Square().Mean().Sqrt().Item();
        Assert.Equal(0.1 * Math.Sqrt(2.0 / (32 * 9)), deviation, 3e-4);
    }
}

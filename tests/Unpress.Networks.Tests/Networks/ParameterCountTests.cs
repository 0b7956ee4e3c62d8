using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

/// <summary>Published parameter counts of the networks for fidelity, in the configurations their options' comments name.</summary>
public sealed class ParameterCountTests
{
    [Theory]
    [InlineData("arcnn", """{ "channels": 3 }""", 117_731)]
    [InlineData("dncnn", """{ }""", 665_921)]
    [InlineData("dncnn", """{ "channels": 3, "depth": 17 }""", 557_443)]
    [InlineData("dncnn", """{ "channels": 3, "depth": 17, "batchNorm": true }""", 558_403)]
    [InlineData("dcad", """{ }""", 298_947)]
    [InlineData("mwcnn", "{ }", 24_927_809)]
    [InlineData("mwcnn", """{ "channels": 3 }""", 24_930_115)]
    [InlineData("rnan", "{ }", 8_957_249)]
    [InlineData("rnan", """{ "channels": 3 }""", 8_959_555)]
    [InlineData("rdn", """{ }""", 414_147)]
    [InlineData("rdn", """{ "width": 64, "growth": 64, "blocks": 16, "layers": 8 }""", 21_975_683)]
    [InlineData("rdn", """{ "width": 64, "growth": 32, "blocks": 20, "layers": 6 }""", 5_468_803)]
    [InlineData("cbdnet", """{ }""", 3_944_710)]
    [InlineData("rbqe", """{ }""", 891_919)]
    [InlineData("rbqe", """{ "earlyExit": false }""", 888_451)]
    [InlineData("rbqe", """{ "attention": true }""", 892_054)]
    [InlineData("mprnet", """{ }""", 887_217)]
    [InlineData("mprnet", """{ "width": 96, "uNetGrowth": 48, "fullSizeGrowth": 32, "blocks": 8 }""", 20_127_073)]
    [InlineData("mprnet", """{ "width": 80, "uNetGrowth": 48, "fullSizeGrowth": 32, "blocks": 8 }""", 15_741_025)]
    [InlineData("mprnet", """{ "width": 40, "uNetGrowth": 20, "fullSizeGrowth": 16, "blocks": 8 }""", 3_637_249)]
    public void A_network_has_the_published_number_of_parameters(string name, string options, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var network = NetworkCatalog.Find(name).Create(JsonNode.Parse(options)!.AsObject());
        Assert.Equal(expected, network.ParameterCount());
    }
}

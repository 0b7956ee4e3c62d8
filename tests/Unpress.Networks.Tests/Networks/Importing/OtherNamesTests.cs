using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Networks.Importing;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks.Importing;

/// <summary>Weights of the fidelity networks under the names of other implementations.</summary>
public sealed class OtherNamesTests
{
    [Theory]
    [InlineData("arcnn", """{ "channels": 3, "pRelu": true, "widths": [4, 3, 2] }""", "layers.6.", "last.", "layers.", "base.")] // yjn870
    [InlineData("dncnn", """{ "width": 4, "depth": 5, "batchNorm": true, "subtract": false }""", "model.", "state_dict.generator.layers.", "", "")] // PowerQE
    [InlineData("mprnet", """{ "width": 4 }""", "", "state_dict.module.", "", "")] // the authors, from several GPUs
    public void Other_names_become_ours(string name, string options, string ours, string theirs, string oursToo, string theirsToo)
    {
        var entry = NetworkCatalog.Find(name);
        using var network = entry.Create(JsonNode.Parse(options)!.AsObject());
        var file = network.StateDict().Select(tensor => tensor.Tensor.ToStored(Rename(tensor.Name))).ToArray();
        var match = WeightMatcher.Match(file, network.StateDict(), entry.OurNames(JsonNode.Parse(options)!.AsObject()));
        Assert.Equal(0, match.Faults);
        Assert.Equal(network.StateDict().Select(tensor => tensor.Name).Order(), match.Tensors.Select(tensor => tensor.Name).Order());

        string Rename(string tensor)
            => tensor.StartsWith(ours, StringComparison.Ordinal) ? theirs + tensor[ours.Length..]
            : tensor.StartsWith(oursToo, StringComparison.Ordinal) ? theirsToo + tensor[oursToo.Length..] : tensor;
    }

    [Fact]
    public void PowerQEs_DnCNN_fits_only_a_network_that_adds()
    {
        var entry = NetworkCatalog.Find("dncnn");
        var options = new JsonObject { ["width"] = 4, ["depth"] = 3 };
        using var network = entry.Create(options);
        var file = network.StateDict().Select(tensor => tensor.Tensor.ToStored("layers" + tensor.Name["model".Length..])).ToArray();
        Assert.NotEqual(0, WeightMatcher.Match(file, network.StateDict(), entry.OurNames(options)).Faults);
        options["subtract"] = false;
        Assert.Equal(0, WeightMatcher.Match(file, network.StateDict(), entry.OurNames(options)).Faults);
    }
}

using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks;

/// <summary>Weights under the names of other implementations.</summary>
public sealed class WeightImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-import-").FullName;

    [Theory]
    [InlineData("arcnn", """{ "channels": 3, "pRelu": true, "widths": [4, 3, 2] }""", "layers.6.", "last.", "layers.", "base.")]
    [InlineData("dncnn", """{ "width": 4, "depth": 5 }""", "model.", "layers.", "", "")]
    [InlineData("dncnn", """{ "width": 4, "depth": 5, "batchNorm": true }""", "model.", "state_dict.generator.layers.", "", "")]
    [InlineData("rdn", """{ "width": 3, "growth": 2, "blocks": 2, "layers": 2 }""", "", "module.", "", "")]
    public void Other_names_become_ours(string name, string options, string ours, string theirs, string oursToo, string theirsToo)
    {
        TorchRuntime.Seed(6);
        var entry = NetworkCatalog.Find(name);
        JsonObject Options() => JsonNode.Parse(options)!.AsObject();
        using var network = entry.Create(Options());
        string source = Path.Combine(_folder, "theirs.safetensors"), target = Path.Combine(_folder, "ours.safetensors");
        SafeTensors.Save(source, network.StateDict().Select(p => p.Tensor.ToStored(Rename(p.Name))));

        WeightImport.Run(source, target, entry, Options());

        using var loaded = ModelFile.Load(target);
        foreach (var (expected, actual) in network.StateDict().Zip(loaded.Network.StateDict()))
            Assert.Equal(expected.Tensor.To(DType.Float32).ToArray<float>(), actual.Tensor.To(DType.Float32).ToArray<float>());

        string Rename(string tensor)
            => tensor.StartsWith(ours, StringComparison.Ordinal) ? theirs + tensor[ours.Length..]
            : tensor.StartsWith(oursToo, StringComparison.Ordinal) ? theirsToo + tensor[oursToo.Length..] : tensor;
    }

    [Fact]
    public void A_name_too_many_is_an_error_that_names_it()
    {
        var entry = NetworkCatalog.Find("dcad");
        JsonObject Options() => new() { ["width"] = 4, ["depth"] = 4 };
        using var network = entry.Create(Options());
        using var scope = TensorScope.Enter();
        string source = Path.Combine(_folder, "theirs.safetensors");
        SafeTensors.Save(source, [.. network.StateDict().Select(p => p.Tensor.ToStored(p.Name)), Tensor.Ones([1]).ToStored("more")]);
        var error = Assert.Throws<WeightsFormatException>(() => WeightImport.Run(source, Path.Combine(_folder, "o.safetensors"), entry, Options()));
        Assert.Contains("unexpected more", error.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

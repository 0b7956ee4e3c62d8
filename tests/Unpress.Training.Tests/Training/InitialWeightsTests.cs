using Unpress.Networks;
using Unpress.Networks.Export;
using Unpress.Onnx;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;
using Unpress.Training;

namespace Unpress.Tests.Training;

/// <summary>A training may begin from an ONNX model: one file is both what is run and what is trained on.</summary>
public sealed class InitialWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-init-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_onnx_model_fills_the_network()
    {
        var (network, path) = Exported();
        using (network)
        using (var fresh = Fresh())
        {
            InitialWeights.Fill(fresh, Recipe($"initFrom: {path}"), ahead: null);

            foreach (var (kept, filled) in network.StateDict().Zip(fresh.StateDict()))
                Assert.Equal(kept.Tensor.ToStored("").Bytes, filled.Tensor.ToStored("").Bytes);
        }
    }

    [Fact]
    public void Parts_of_an_onnx_model_fill_parts()
    {
        var (network, path) = Exported();
        using (network)
        using (var fresh = Fresh())
        {
            InitialWeights.Fill(fresh, Recipe($"initFrom: fresh\ninitParts: [ {{ file: {path}, from: head., to: head. }} ]"), ahead: null);

            foreach (var (kept, filled) in network.StateDict().Zip(fresh.StateDict())
                .Where(pair => pair.First.Name.EndsWith("weight", StringComparison.Ordinal)))
            {
                bool same = kept.Tensor.ToStored("").Bytes.SequenceEqual(filled.Tensor.ToStored("").Bytes);
                Assert.Equal(kept.Name.StartsWith("head.", StringComparison.Ordinal), same);
            }
        }
    }

    [Fact]
    public void A_deeper_network_takes_the_blocks_that_the_file_has_if_that_is_meant()
    {
        var (network, path) = Exported();
        using (network)
        using (var deeper = NetworkCatalog.Find("unpress").Create(OptionText.Parse(["width=4", "blocks=[2,0,0]"])))
        {
            var refusal = Assert.Throws<WeightsFormatException>(() => InitialWeights.Fill(deeper, Recipe($"initFrom: {path}"), ahead: null));
            Assert.Contains("missing down1.1.", refusal.Message, StringComparison.Ordinal);

            InitialWeights.Fill(deeper, Recipe($"initFrom: {path}\ninitDeeper: true"), ahead: null);

            var filled = deeper.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor.ToStored("").Bytes.ToArray());
            foreach (var (name, tensor) in network.StateDict())
                Assert.Equal(tensor.ToStored("").Bytes.ToArray(), filled[name]);
        }
    }

    [Fact]
    public void Weights_of_another_codec_are_refused_unless_they_are_meant()
    {
        var (network, path) = Exported("hevc");
        using (network)
        using (var fresh = Fresh())
        {
            var refusal = Assert.Throws<RecipeException>(() => InitialWeights.Fill(fresh, Recipe($"initFrom: {path}"), ahead: null));
            Assert.Contains("was trained on hevc, this recipe is for jpeg", refusal.Message, StringComparison.Ordinal);
            InitialWeights.Fill(fresh, Recipe($"initFrom: {path}\ninitAcross: true"), ahead: null);
        }
    }

    private (Network Network, string Path) Exported(string? codec = null)
    {
        string path = Path.Combine(_folder, "model.onnx");
        var network = Fresh();
        foreach (var (_, tensor) in network.StateDict())
            Init.Constant(tensor, 0.25);
        OnnxFile.Write(path, OnnxExport.Create(network, new ModelFacts { Network = "unpress", Channels = 3, ReceptiveField = 0, Codec = codec }, half: false));
        return (network, path);
    }

    private static Network Fresh() => NetworkCatalog.Find("unpress").Create(OptionText.Parse(["width=4", "blocks=[1,0,0]"]));

    private static Unpress.Recipes.Recipe Recipe(string lines) => Unpress.Recipes.Recipe.Parse(
        $$"""
        name: test
        network: { type: unpress, width: 4, blocks: [1, 0, 0] }
        data: { folders: [ { path: nowhere } ], batch: 2, patch: { size: 16 } }
        objective: [ { loss: l1 } ]
        steps: 3
        {{lines}}
        """,
        "test");
}

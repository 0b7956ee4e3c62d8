using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Networks.Export;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks.Export;

public sealed class OnnxExportTests
{
    public static TheoryData<string> Names => [.. NetworkCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_keep_their_names_and_come_back(string name)
    {
        var folder = Directory.CreateTempSubdirectory("unpress-test-");
        try
        {
            using var network = SmallNetworks.Make(name);
            var options = NetworkCatalog.Find(name).Resolve(SmallNetworks.Options(name));
            string path = Path.Combine(folder.FullName, "model.onnx");
            OnnxFile.Write(path, ExportSample.Create(network, name, options.ToJsonString()));

            using var loaded = ModelFile.Load(path);

            Assert.Equal(name, loaded.Name);
            var before = network.StateDict().ToArray();
            var after = loaded.Network.StateDict().ToArray();
            Assert.Equal(before.Select(entry => entry.Name), after.Select(entry => entry.Name));
            for (int k = 0; k < before.Length; k++)
                Assert.Equal(before[k].Tensor.ToStored("").Bytes, after[k].Tensor.ToStored("").Bytes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_graph_can_be_read_by_a_person()
    {
        using var network = SmallNetworks.Make("unpress");

        var graph = ExportSample.Create(network, "unpress", "{}").Graph;

        Assert.Equal(["image"], graph.Input.Select(input => input.Name));
        Assert.Equal(["H", "W"], graph.Output.Single().Type.TensorType.Shape.Dim.Skip(2).Select(dim => dim.DimParam));
        var convolution = graph.Node.Single(node => node.Name == "/up1/0/conv1/Conv");
        Assert.Equal(["up1.0.conv1.weight", "up1.0.conv1.bias"], convolution.Input.Skip(1));
        Assert.Contains(graph.Node, node => node.Name == "/up1/0/Relu");
        Assert.Equal("restored", graph.Node[^1].Output.Single());
    }

    [Fact]
    public void The_facts_are_the_networks()
    {
        using var network = SmallNetworks.Make("gated",
            JsonNode.Parse("""{ "network": "unpress", "options": { "width": 4, "blocks": [1, 1, 1] }, "width": 3 }""")!.AsObject());

        var facts = OnnxFile.FactsOf(ExportSample.Create(network, "gated", "{}"))!;

        Assert.Equal((3, network.Facts.ReceptiveField, 8), (facts.Channels, facts.ReceptiveField, facts.SizeMultiple));
        Assert.Equal(["survey_gate"], facts.Surveys);
        Assert.Equal(64, facts.WeightsSha256!.Length);
    }

    [Fact]
    public void Half_weights_are_cast_once_and_give_nearly_the_same()
    {
        using var network = SmallNetworks.Make("unpress");
        var full = ExportSample.Create(network, "unpress", "{}");
        var half = ExportSample.Create(network, "unpress", "{}", half: true);

        Assert.All(half.Graph.Initializer.Where(tensor => tensor.Name[0] != '/'), tensor =>
            Assert.Equal((int)ElementType.Float16, tensor.DataType));
        Assert.Equal(network.StateDict().Count(), half.Graph.Node.Count(node => node.OpType == "Cast"));
        Assert.NotEqual(OnnxFile.FactsOf(full)!.WeightsSha256, OnnxFile.FactsOf(half)!.WeightsSha256);
        Assert.InRange(ExportCheck.Compare(network, full), 0, 1e-5);
        Assert.True(half.CalculateSize() < full.CalculateSize());
    }

    [Fact]
    public void A_graph_that_does_something_else_is_found_out()
    {
        using var network = SmallNetworks.Make("unpress");
        var model = ExportSample.Create(network, "unpress", "{}");
        model.Graph.Node.Last(node => node.OpType == "Relu").OpType = "Tanh";

        var error = Assert.Throws<ExportException>(() => ExportCheck.Compare(network, model));

        Assert.Contains("from libtorch's", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_smallest_side_is_where_the_gate_has_no_grids_to_compare()
    {
        const string options =
            """{ "network": "dncnn", "options": { "channels": 1, "width": 4, "depth": 3 }, "width": 3, "grid": true, "start": 0 }""";
        using var network = SmallNetworks.Make("gated", JsonNode.Parse(options)!.AsObject());
        network.Eval();

        Assert.Equal(15, ExportCheck.LeastSide(network, ExportSample.Create(network, "gated", options)));
    }

    [Theory]
    [InlineData(Trouble.Reads, "decides by numbers")]
    [InlineData(Trouble.Writes, "in place")]
    [InlineData(Trouble.Loops, "other operators")]
    [InlineData(Trouble.Unknown, "no translation of aten::cos")]
    [InlineData(Trouble.Constant, "made in C#")]
    public void What_a_graph_cannot_do_is_said(Trouble trouble, string reason)
    {
        using var network = new Troubled(trouble);

        var error = Assert.Throws<ExportException>(() => ExportSample.Create(network, "troubled", "{}"));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_say_what_they_are_not_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory("unpress-test-");
        try
        {
            using var network = SmallNetworks.Make("dncnn");
            string path = Path.Combine(folder.FullName, "model.onnx");
            OnnxFile.Write(path, ExportSample.Create(network, "no-such-network", "{}"));
            Assert.Contains("no-such-network", Assert.Throws<WeightsFormatException>(() => ModelFile.Load(path)).Message,
                StringComparison.Ordinal);

            OnnxFile.Write(path, ExportSample.Create(network, "dncnn", """{ "depth": 7 }"""));
            Assert.Contains("does not fit", Assert.Throws<WeightsFormatException>(() => ModelFile.Load(path)).Message,
                StringComparison.Ordinal);

            File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);
            Assert.Contains("truncated", Assert.Throws<WeightsFormatException>(() => ModelFile.Load(path)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public enum Trouble
    {
        Reads,
        Writes,
        Loops,
        Unknown,
        Constant,
    }

    private sealed class Troubled(Trouble trouble) : Network(new NetworkFacts(1, 0))
    {
        private static readonly Op Cosine = Op.Find("aten::cos");
        private static readonly Op AddInPlace = Op.Find("aten::add_.Tensor");

        protected override Tensor Restore(Tensor input, Conditions conditions)
        {
            switch (trouble)
            {
                case Trouble.Reads:
                    return input.Mean().Item() > 0.5 ? input + 1 : input - 1;
                case Trouble.Writes:
                    var changed = input * 2;
                    AddInPlace.Run(changed, input, 1);
                    return changed;
                case Trouble.Loops:
                    for (long k = 0; k < input.Size(2); k += 10)
                        input = Functional.Relu(input + 1);
                    return input;
                case Trouble.Unknown:
                    return Cosine.Call(input);
                default:
                    float[] row = [.. Enumerable.Range(0, (int)input.Size(3)).Select(x => (float)x)];
                    return input + Tensor.From(row, 1, 1, 1, row.Length);
            }
        }
    }
}

using Unpress.Networks;
using Unpress.Networks.Export;
using Unpress.Torch;

namespace Unpress.Tests.Networks.Export;

/// <summary>Parts of graphs are written so that ONNX Runtime's convolutions need not reorder their numbers; what is computed stays.</summary>
public class BlockedLayoutTests
{
    [Fact]
    public void Gated_blocks_become_convolutions_sums_and_products()
    {
        using var network = NetworkCatalog.Find("unpress-naf").Create(OptionText.Parse(["width=16", "blocks=[1,1,2]"]));
        Randomise(network);

        var model = ExportSample.Create(network, "unpress-naf", """{ "width": 16, "blocks": [1, 1, 2] }""");

        Assert.InRange(ExportCheck.Compare(network, model), 0, ExportCheck.Tolerance);
        var graph = model.Graph;
        Assert.DoesNotContain(graph.Node, node => node.OpType is "ReduceMean" or "Div");
        // Halves are taken of weights only.
        Assert.All(graph.Node.Where(node => node.OpType == "Slice"), node => Assert.Matches("/(weight|bias)$|^/tail|^/Slice", node.Name));
        // 6 blocks with 2 gates each, one of them behind a depthwise convolution.
        Assert.Equal(6 * 6, graph.Node.Count(node => node.OpType == "Conv" && node.Name.Contains("/half", StringComparison.Ordinal)));
        var values = graph.Node.SelectMany(node => node.Output).ToHashSet();
        Assert.All(graph.ValueInfo, value => Assert.Contains(value.Name, values));
    }

    [Fact]
    public void Values_of_equal_size_say_so()
    {
        using var network = NetworkCatalog.Find("unpress").Create(OptionText.Parse(["width=4", "blocks=[1,1,1]"]));
        var graph = ExportSample.Create(network, "unpress", """{ "width": 4, "blocks": [1, 1, 1] }""").Graph;
        var sizes = graph.ValueInfo.Where(value => value.Name.EndsWith("/Conv", StringComparison.Ordinal))
            .GroupBy(value => value.Type.TensorType.Shape.Dim[1].DimValue, value => value.Type.TensorType.Shape.Dim[2].DimParam).ToArray();
        Assert.Equal(4, sizes.Length); // channels of the three levels, and of the last convolution
        Assert.All(sizes, level => Assert.Single(level.Distinct()));
        Assert.Equal(3, sizes.SelectMany(level => level).Distinct().Count());
    }

    private static void Randomise(Network network)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, tensor) in network.StateDict())
        {
            using var noise = Tensor.Randn(tensor.Shape) * 0.2;
            tensor.Copy(noise);
        }
    }
}

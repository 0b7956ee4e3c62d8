using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Networks.Profiling;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks.Profiling;

public sealed class NetworkProfileTests
{
    public static TheoryData<string> Names => [.. NetworkCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_network_of_the_catalogue_is_counted_in_full_size(string name)
    {
        var profile = NetworkProfile.Of(NetworkCatalog.Find(name));
        Assert.InRange(profile.Layers.Parameters, 1000, 1_000_000_000);
        Assert.True(profile.Layers.Work.True > 0);
        Assert.True(profile.Layers.Work.Table <= (5 * profile.Layers.Work.True));
    }

    [Fact]
    public void Published_figures_are_met_or_the_difference_is_explained()
    {
        foreach (var figure in PublishedComplexities.All)
        {
            var layers = NetworkProfile.Of(NetworkCatalog.Find(figure.Network), JsonNode.Parse(figure.Options)!.AsObject()).Layers;
            (double? Published, double Ours)[] pairs =
                [(figure.Parameters, layers.Parameters), (figure.Macs, layers.Work.True), (figure.TableMacs, layers.Work.Table)];
            bool met = pairs.All(pair => pair.Published is not { } published || Math.Abs(pair.Ours - published) <= 0.005 * published);
            Assert.True(met == figure.Why is null, $"{figure.Network} {figure.Options}: {layers.Parameters} parameters, {layers.Work}");
        }
    }

    [Fact]
    public void Discriminators_and_backbones_are_counted_too()
    {
        Assert.All(DiscriminatorCatalog.All, entry => Assert.True(PartProfile.Of(entry).Work.True > 1e6, entry.Name));
        Assert.All(BackboneCatalog.All, entry => Assert.True(PartProfile.Of(entry).Work.True > 1e8, entry.Name));
        // 15.5 GMACs, of which the classifier, left out here, has 0.12.
        Assert.Equal(15.35e9, PartProfile.Of(BackboneCatalog.Find("vgg16")).Work.True, 0.01e9);
    }

    [Fact]
    public void Counts_are_those_of_pencil_and_paper()
    {
        // 9·9·3·64 + 7·7·64·32 + 64·… at every pixel.
        double perPixel = (81 * 3 * 64) + (49 * 64 * 32) + (32 * 16) + (25 * 16 * 3);
        var profile = NetworkProfile.Of(NetworkCatalog.Find("arcnn"), new JsonObject { ["channels"] = 3 });
        Assert.Equal(117_731, profile.Layers.Parameters);
        Assert.Equal(perPixel * 512 * 512, profile.Layers.Work.True);
        Assert.Equal(perPixel * 512 * 512, profile.Layers.Work.Table);
        Assert.Equal([1, 32, 512, 512], profile.Layers.Children[0].Children[2].Output!);
        Assert.Equal(49 * 64 * 32 * 512.0 * 512, profile.Layers.Children[0].Children[2].Work.True);
    }

    [Fact]
    public void The_convention_of_published_tables_counts_transposed_convolutions_norms_and_prelu_its_own_way()
    {
        using var shapes = ShapesOnly.Enter();
        using var scope = TensorScope.Enter();
        using var network = new Sequential(new ConvTranspose2d(8, 4, 2, stride: 2), new BatchNorm2d(4), new PRelu());
        network.Eval();
        var profile = Profiler.Measure("sample", network, () => network.Forward(Tensor.Zeros([1, 8, 10, 10])));
        Assert.Equal(8 * 4 * 4 * 100, profile.Work.True);
        Assert.Equal((8 * 4 * 4 * 400) + (4 * 1600) + 1600, profile.Work.Table);
    }

    [Fact]
    public void Products_without_parameters_belong_to_the_module_around_the_last_layer()
    {
        using var shapes = ShapesOnly.Enter();
        using var scope = TensorScope.Enter();
        using var network = new Sequential(new Attention(), new Linear(6, 2));
        var profile = Profiler.Measure("sample", network, () => network.Forward(Tensor.Zeros([5, 7, 6])));
        Assert.Equal((2 * 5 * 7 * 7 * 6) + (5 * 7 * 36), profile.Children[0].Work.True);
        Assert.Equal(5 * 7 * 36, profile.Children[0].Work.Table);
        Assert.Equal(5 * 7 * 6 * 2, profile.Children[1].Work.True);
    }

    /// <summary>Every token with every other, by a product and by an einsum.</summary>
    private sealed class Attention : Layer
    {
        private readonly Linear _value;

        public Attention() => _value = Add("value", new Linear(6, 6, bias: false));

        public override Tensor Forward(Tensor input)
        {
            var value = _value.Forward(input);
            var weights = Op.Find("aten::einsum").Call("nik,njk->nij", new[] { input, input });
            return weights.MatMul(value);
        }
    }
}

using System.Text.Json.Nodes;
using Unpress.Downloads;
using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>Deep image structure and texture similarity, a distance.</summary>
public sealed class Dists : PairNetworkMetric<DistsNetwork>
{
    private const string Weights = "dists";

    public Dists()
        : base("dists", "Distance of structure and texture of VGG-16 features", Promise, Load)
    {
    }

    private static MetricContract Promise => new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "RGB 0..1, and features of (x − mean)/deviation of ImageNet; gray as R = G = B",
        Border = "zeros beyond, as in the backbone",
        Window = "the whole picture in its own size: not shrunk to 256 pixels first",
        Range = "0..1",
        Decimals = 4,
        OnIdentical = 0,
        Symmetric = true,
        MinSide = 16,
        Weights = [Vgg.Vgg16Entry.Name, Weights],
        Source = "Ding et al., IEEE TPAMI 2022; dingkeyan93/DISTS without its resizing",
    };

    private protected override Tensor Score(DistsNetwork network, Tensor picture, Tensor reference) => network.Forward(picture, reference);

    private static DistsNetwork Load()
    {
        var backbone = (Vgg)Vgg.Vgg16Entry.Load(OfficialFiles.Require(Vgg.Vgg16Entry.Name), new JsonObject { ["l2Pooling"] = true });
        var network = new DistsNetwork(backbone);
        PublishedWeights.Fill(network, Weights, name => name is "alpha" or "beta");
        return network;
    }
}

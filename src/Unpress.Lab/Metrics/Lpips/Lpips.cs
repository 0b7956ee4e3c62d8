using Unpress.Downloads;
using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>LPIPS with one of its three backbones.</summary>
public sealed class Lpips : PairNetworkMetric<LpipsNetwork>
{
    private Lpips(string net, BackboneEntry backbone, IReadOnlyList<(string Name, int Channels)> layers)
        : base(
            $"lpips-{net}", $"Distance of {backbone.Name} features, weighted as people see; LPIPS version 0.1", ContractOf(backbone, $"lpips-{net}"),
            () => Load(backbone, $"lpips-{net}", layers))
        => Layers = layers;

    public static Lpips Alex { get; } = new("alex", AlexNet.Entry, [("relu1", 64), ("relu2", 192), ("relu3", 384), ("relu4", 256), ("relu5", 256)]);

    public static Lpips Vgg { get; } = new(
        "vgg", Networks.Backbones.Vgg.Vgg16Entry, [("relu1_2", 64), ("relu2_2", 128), ("relu3_3", 256), ("relu4_3", 512), ("relu5_3", 512)]);

    public static Lpips Squeeze { get; } = new(
        "squeeze", SqueezeNet.Entry, [("relu1", 64), ("fire2", 128), ("fire4", 256), ("fire5", 384), ("fire6", 384), ("fire7", 512), ("fire8", 512)]);

    /// <summary>The backbone's layers that it looks at, with their channels.</summary>
    public IReadOnlyList<(string Name, int Channels)> Layers { get; }

    private protected override Tensor Score(LpipsNetwork network, Tensor picture, Tensor reference) => network.Forward(picture, reference);

    private static MetricContract ContractOf(BackboneEntry backbone, string heads) => new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "RGB, (x − mean)/deviation of ImageNet in 0..1; gray as R = G = B",
        Border = "zeros beyond, as in the backbone",
        Window = "the whole picture in its own size",
        Range = "0..about 1",
        Decimals = 4,
        OnIdentical = 0,
        Symmetric = true,
        MinSide = 32,
        Weights = [backbone.Name, heads],
        Source = "Zhang et al., CVPR 2018; richzhang/PerceptualSimilarity 0.1",
    };

    private static LpipsNetwork Load(BackboneEntry backbone, string heads, IReadOnlyList<(string Name, int Channels)> layers)
    {
        var network = new LpipsNetwork(backbone.Load(OfficialFiles.Require(backbone.Name)), layers);
        PublishedWeights.Fill(network, heads, name => name.StartsWith(LpipsNetwork.HeadPrefix, StringComparison.Ordinal));
        return network;
    }
}

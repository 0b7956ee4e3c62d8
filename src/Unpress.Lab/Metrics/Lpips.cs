using Unpress.Downloads;
using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

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

/// <summary>
/// Learned perceptual image patch similarity, version 0.1: Zhang, Isola, Efros, Shechtman, Wang, CVPR 2018, eq. 1. Activations of a backbone,
/// each position's vector brought to length one, squared differences weighted by a head for each layer, the mean over positions, summed up.
/// </summary>
public sealed class LpipsNetwork : Module
{
    private const double Epsilon = 1e-10;

    private readonly Backbone _net;
    private readonly IReadOnlyList<string> _layers;
    private readonly Tensor[] _heads;

    /// <param name="net">A backbone; this module owns it.</param>
    /// <param name="layers">Names of the layers looked at, with their channels.</param>
    public LpipsNetwork(Backbone net, IReadOnlyList<(string Name, int Channels)> layers)
    {
        _net = Add("net", net);
        _layers = [.. layers.Select(layer => layer.Name)];
        _heads = [.. layers.Select((layer, k) => AddParameter($"{HeadPrefix}{k}.model.1.weight", Tensor.Ones([1, layer.Channels, 1, 1])))];
    }

    /// <summary>What the names of the heads begin with.</summary>
    internal static string HeadPrefix => "lin";

    /// <summary>Distances of two batches [N, 3, H, W], RGB, 0..1: [N].</summary>
    public Tensor Forward(Tensor a, Tensor b)
    {
        using var scope = TensorScope.Enter();
        var (first, second) = (_net.Features(a, _layers), _net.Features(b, _layers));
        var distance = Tensor.Zeros([a.Size(0)], a.DType);
        foreach (var (layer, head) in _layers.Zip(_heads))
        {
            var difference = (Unit(first[layer]) - Unit(second[layer])).Square();
            distance += Functional.Conv2d(difference, head, null).Mean([1, 2, 3]);
        }

        return scope.Keep(distance);
    }

    private static Tensor Unit(Tensor features) => features / (features.Square().Sum([1], keep: true).Sqrt() + Epsilon);
}

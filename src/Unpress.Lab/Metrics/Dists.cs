using System.Text.Json.Nodes;
using Unpress.Downloads;
using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

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

/// <summary>
/// Deep image structure and texture similarity: Ding, Ma, Wang, Simoncelli, IEEE TPAMI 2022, eqs. 3–6. Of the picture itself and of five layers
/// of a VGG-16 that pools by root mean square: similarity of means (texture) and of covariances (structure), channel by channel.
/// </summary>
public sealed class DistsNetwork : Module
{
    private const double Epsilon = 1e-6;

    private static readonly string[] Layers = ["relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3"];

    private readonly Vgg _net;
    private readonly Tensor _alpha, _beta;

    /// <param name="net">A VGG-16 with <see cref="VggOptions.L2Pooling"/>; this module owns it.</param>
    /// <param name="width">Its <see cref="VggOptions.Width"/>.</param>
    public DistsNetwork(Vgg net, int width = 64)
    {
        _net = Add("net", net);
        long channels = 3 + ((1 + 2 + 4 + 8 + 8) * (long)width);
        _alpha = AddParameter("alpha", Tensor.Ones([1, channels, 1, 1]));
        _beta = AddParameter("beta", Tensor.Ones([1, channels, 1, 1]));
    }

    /// <summary>Distances of two batches [N, 3, H, W], RGB, 0..1: [N].</summary>
    public Tensor Forward(Tensor a, Tensor b)
    {
        using var scope = TensorScope.Enter();
        var (first, second) = (_net.Features(a, Layers), _net.Features(b, Layers));
        var pairs = Layers.Select(layer => Similarities(first[layer], second[layer])).Prepend(Similarities(a, b)).ToArray();
        var texture = Tensor.Cat([.. pairs.Select(pair => pair.Texture)], 1);
        var structure = Tensor.Cat([.. pairs.Select(pair => pair.Structure)], 1);
        var all = _alpha.Sum() + _beta.Sum();
        return scope.Keep(1 - (((_alpha * texture) + (_beta * structure)).Sum([1, 2, 3]) / all));
    }

    private static (Tensor Texture, Tensor Structure) Similarities(Tensor x, Tensor y)
    {
        Tensor meanX = Mean(x), meanY = Mean(y);
        Tensor varianceX = Mean((x - meanX).Square()), varianceY = Mean((y - meanY).Square());
        var covariance = Mean(x * y) - (meanX * meanY);
        return (
            ((2 * meanX * meanY) + Epsilon) / (meanX.Square() + meanY.Square() + Epsilon),
            ((2 * covariance) + Epsilon) / (varianceX + varianceY + Epsilon));
    }

    private static Tensor Mean(Tensor x) => x.Mean([2, 3], keep: true);
}

using Unpress.Downloads;
using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>
/// LPIPS without its learned weights, on a backbone that a package registry has: the activations of the four stages of <see cref="ResNet18"/>, each position's
/// vector brought to length one, squared differences, the mean over positions, summed up. Its numbers are no LPIPS and stand beside none.
/// </summary>
public sealed class ResNet18Distance : PairNetworkMetric<LpipsNetwork>
{
    private ResNet18Distance()
        : base("resnet18-distance", "Distance of resnet18 features, all weighted alike; no LPIPS", Contract, Load)
    {
    }

    public static ResNet18Distance Instance { get; } = new();

    private static new MetricContract Contract => new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "RGB; gray as R = G = B",
        Border = "zeros beyond, as in the backbone",
        Window = "the whole picture in its own size",
        Range = "0..8",
        Decimals = 4,
        OnIdentical = 0,
        Symmetric = true,
        MinSide = 32,
        Weights = ["resnet18"],
        Source = "ours, after Zhang et al., CVPR 2018, eq. 1",
    };

    private protected override Tensor Score(LpipsNetwork network, Tensor picture, Tensor reference) => network.Forward(picture, reference);

    private static LpipsNetwork Load() => new(
        ResNet18.Entry.Load(OfficialFiles.Require("resnet18")), [("layer1", 64), ("layer2", 128), ("layer3", 256), ("layer4", 512)]);
}

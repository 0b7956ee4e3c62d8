using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>HyperIQA as pyiqa runs it.</summary>
public sealed class HyperIqa : BlindNetworkMetric<HyperIqaNetwork>
{
    private const string Weights = "hyperiqa";

    public HyperIqa()
        : base(
            Weights, "Quality by a network that the picture's content writes, trained on KonIQ-10k; no reference", Promise,
            () => PublishedWeights.Fill(new HyperIqaNetwork(new ResNet50Options()), Weights))
    {
    }

    private static MetricContract Promise => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, (x − mean)/deviation of ImageNet in 0..1; gray as R = G = B",
        Border = "zeros beyond, as in ResNet-50; the far edges lie outside the crops",
        Window = "mean of 25 crops of 224×224, 5×5 from the top left; smaller pictures are enlarged (bilinear)",
        Range = "about 0..1; its authors' own scale is 0..100 on random crops",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 32,
        Weights = [Weights],
        Source = "Su et al., CVPR 2020; pyiqa's weights and crops",
    };

    private protected override Tensor Score(HyperIqaNetwork network, Tensor picture) => network.Forward(picture);
}

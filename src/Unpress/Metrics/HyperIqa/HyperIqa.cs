using Unpress.Imaging;
using Unpress.Networks.Backbones;

namespace Unpress.Metrics;

/// <summary>HyperIQA as pyiqa runs it.</summary>
public sealed class HyperIqa : INoReferenceMetric
{
    private readonly MetricNetwork<HyperIqaNetwork> _network = new(() => PublishedWeights.Fill(new HyperIqaNetwork(new ResNet50Options()), "hyperiqa"));

    public string Name => "hyperiqa";

    public string Summary => "Quality by a network that the picture's content writes, trained on KonIQ-10k; no reference";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, 0..1, without ImageNet's mean and deviation; gray as R = G = B",
        Border = "zeros beyond, as in ResNet-50; the far edges lie outside the crops",
        Window = "mean of 25 crops of 224×224, 5×5 from the top left; smaller pictures are enlarged (bilinear)",
        Range = "about 0..1; its authors' own scale is 0..100 on random crops",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 32,
        Weights = ["hyperiqa"],
        Source = "Su et al., CVPR 2020; pyiqa's weights and crops",
    };

    public void Prepare() => _network.Prepare();

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        return _network.Run(network => network.Forward(MetricTensor.Rgb(image)));
    }
}

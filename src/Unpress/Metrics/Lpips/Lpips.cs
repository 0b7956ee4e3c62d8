using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Networks.Backbones;

namespace Unpress.Metrics;

/// <summary>LPIPS with one of its three backbones.</summary>
public sealed class Lpips : IMetric
{
    private readonly MetricNetwork<LpipsNetwork> _network;

    private Lpips(string net, BackboneEntry backbone, string heads, IReadOnlyList<(string Name, int Channels)> layers)
    {
        Name = $"lpips-{net}";
        Summary = $"Distance of {backbone.Name} features, weighted as people see; LPIPS version 0.1";
        Layers = layers;
        Contract = new()
        {
            Direction = MetricDirection.LowerIsBetter,
            Colour = "RGB, 0..1, without ImageNet's mean and deviation; gray as R = G = B",
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
        _network = new(() => Load(backbone, heads, layers));
    }

    public static Lpips Alex { get; } = new(
        "alex", AlexNet.Entry, "lpips-alex", [("relu1", 64), ("relu2", 192), ("relu3", 384), ("relu4", 256), ("relu5", 256)]);

    public static Lpips Vgg { get; } = new(
        "vgg", Networks.Backbones.Vgg.Vgg16Entry, "lpips-vgg",
        [("relu1_2", 64), ("relu2_2", 128), ("relu3_3", 256), ("relu4_3", 512), ("relu5_3", 512)]);

    public static Lpips Squeeze { get; } = new(
        "squeeze", SqueezeNet.Entry, "lpips-squeeze",
        [("relu1", 64), ("fire2", 128), ("fire4", 256), ("fire5", 384), ("fire6", 384), ("fire7", 512), ("fire8", 512)]);

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    /// <summary>The backbone's layers that it looks at, with their channels.</summary>
    public IReadOnlyList<(string Name, int Channels)> Layers { get; }

    public void Prepare() => _network.Prepare();

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return _network.Run(network => network.Forward(MetricTensor.Rgb(image), MetricTensor.Rgb(reference)));
    }

    private static LpipsNetwork Load(BackboneEntry backbone, string heads, IReadOnlyList<(string Name, int Channels)> layers)
    {
        var network = new LpipsNetwork(backbone.Load(OfficialFiles.Require(backbone.Name)), layers);
        PublishedWeights.Fill(network, heads, name => name.StartsWith(LpipsNetwork.HeadPrefix, StringComparison.Ordinal));
        return network;
    }
}

using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>FID with the features of a network that a package registry has. Its numbers are no FID and stand beside none.</summary>
public sealed class ResNet18Frechet : ISetMetric
{
    public string Name => "resnet18-frechet";

    public string Summary => "Fréchet distance of resnet18 features of two sets of pictures; no FID";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "RGB; gray as R = G = B",
        Border = "zeros beyond, as in the backbone",
        Window = "the whole picture in its own size; two pictures or more",
        Range = "0..infinity; falls with the number of pictures, so compare the same number only",
        Decimals = 3,
        OnIdentical = 0,
        Symmetric = true,
        MinSide = 32,
        Weights = [ResNet18Features.Weights],
        Source = "ours, after Heusel et al., NeurIPS 2017, eq. 6",
    };

    public SetFeatures Features => ResNet18Features.Ours;

    public double Measure(PictureSet reference, PictureSet images) => FrechetDistance.Of(Name, reference, images);
}

/// <summary>512 numbers of each picture: the last stage of <see cref="ResNet18"/>, its mean over the picture.</summary>
public sealed class ResNet18Features : IPictureFeatures
{
    public const string Weights = "resnet18";
    public const int Count = 512;

    private const string Stage = "layer4";

    private readonly Backbone _network;

    /// <exception cref="MissingToolException">The weights are not here; the message says how they come here.</exception>
    public ResNet18Features() => _network = ResNet18.Entry.Load(OfficialFiles.Require(Weights));

    public static SetFeatures Ours { get; } = new("resnet18", Count, () => new ResNet18Features());

    public float[] Of(ImageBuffer image)
    {
        using var scope = TensorScope.Enter();
        using var noGrad = Autograd.NoGrad();
        return _network.Features(MetricTensor.Rgb(image), Stage)[Stage].Mean([2, 3]).ToArray<float>();
    }

    public void Dispose() => _network.Dispose();
}

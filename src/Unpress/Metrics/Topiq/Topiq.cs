using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>TOPIQ with a reference.</summary>
public sealed class Topiq : IMetric
{
    private readonly MetricNetwork<TopiqNetwork> _network;

    private Topiq(string name, string trainedOn)
    {
        Name = name;
        Summary = $"Quality against a reference, seen from semantics down to distortions, trained on {trainedOn}";
        Contract = new()
        {
            Direction = MetricDirection.HigherIsBetter,
            Colour = "RGB, 0..1, without ImageNet's mean and deviation; gray as R = G = B",
            Border = "zeros beyond, as in ResNet-50",
            Window = "the whole picture in its own size",
            Range = "about 0..1",
            Decimals = 4,
            OnIdentical = null,
            Symmetric = false,
            MinSide = 32,
            Weights = [name],
            Source = "Chen et al., IEEE TIP 2024; pyiqa's weights",
        };
        _network = new(() => PublishedWeights.Fill(new TopiqNetwork(new TopiqOptions()), name));
    }

    public static Topiq Fr { get; } = new("topiq-fr", "KADID-10k");

    public static Topiq FrPipal { get; } = new("topiq-fr-pipal", "PIPAL");

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    public void Prepare() => _network.Prepare();

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return _network.Run(network => network.Forward(MetricTensor.Rgb(image), MetricTensor.Rgb(reference)));
    }
}

using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>TOPIQ without a reference.</summary>
public sealed class TopiqBlind : INoReferenceMetric
{
    private readonly MetricNetwork<TopiqNetwork> _network;

    private TopiqBlind(string name, string trainedOn)
    {
        Name = name;
        Summary = $"Quality seen from semantics down to distortions, without a reference, trained on {trainedOn}";
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
        _network = new(() => PublishedWeights.Fill(new TopiqNetwork(new TopiqOptions { Reference = false }), name));
    }

    public static TopiqBlind Nr { get; } = new("topiq-nr", "KonIQ-10k");

    public static TopiqBlind NrSpaq { get; } = new("topiq-nr-spaq", "SPAQ");

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    public void Prepare() => _network.Prepare();

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        return _network.Run(network => network.Forward(MetricTensor.Rgb(image)));
    }
}

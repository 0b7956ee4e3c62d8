using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>MUSIQ with one of its four published weights.</summary>
public sealed class Musiq : INoReferenceMetric
{
    private readonly MetricNetwork<MusiqNetwork> _network;

    private Musiq(string name, string trainedOn, string range, int outputs)
    {
        Name = name;
        Summary = $"Quality seen at three sizes by a transformer, trained on {trainedOn}; no reference";
        Contract = new()
        {
            Direction = MetricDirection.HigherIsBetter,
            Colour = "RGB, −1..1; gray as R = G = B",
            Border = "zeros beyond, up to whole patches",
            Window = "patches of 32×32 at longer sides 224, 384 (bicubic, no antialiasing) and its own; memory grows with the square of the pixels",
            Range = range,
            Decimals = 3,
            OnIdentical = null,
            Symmetric = false,
            MinSide = 32,
            Weights = [name],
            Source = "Ke et al., ICCV 2021; pyiqa's weights and resizing",
        };
        _network = new(() => PublishedWeights.Fill(new MusiqNetwork(new MusiqOptions { Outputs = outputs }), name));
    }

    public static Musiq Koniq { get; } = new("musiq", "KonIQ-10k", "about 0..100", 1);

    public static Musiq Spaq { get; } = new("musiq-spaq", "SPAQ", "about 0..100", 1);

    public static Musiq Paq2Piq { get; } = new("musiq-paq2piq", "PaQ-2-PiQ", "about 0..100", 1);

    public static Musiq Ava { get; } = new("musiq-ava", "AVA, opinions on beauty", "1..10", 10);

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

using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>MUSIQ with one of its four published weights.</summary>
public sealed class Musiq : BlindNetworkMetric<MusiqNetwork>
{
    private Musiq(string name, string trainedOn, string range, int outputs)
        : base(
            name, $"Quality seen at three sizes by a transformer, trained on {trainedOn}; no reference", ContractOf(name, range),
            () => PublishedWeights.Fill(new MusiqNetwork(new MusiqOptions { Outputs = outputs }), name))
    {
    }

    public static Musiq Koniq { get; } = new("musiq", "KonIQ-10k", "about 0..100", 1);

    public static Musiq Spaq { get; } = new("musiq-spaq", "SPAQ", "about 0..100", 1);

    public static Musiq Paq2Piq { get; } = new("musiq-paq2piq", "PaQ-2-PiQ", "about 0..100", 1);

    public static Musiq Ava { get; } = new("musiq-ava", "AVA, opinions on beauty", "1..10", 10);

    private protected override Tensor Score(MusiqNetwork network, Tensor picture) => network.Forward(picture);

    private static MetricContract ContractOf(string name, string range) => new()
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
}

using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>TOPIQ with a reference.</summary>
public sealed class Topiq : PairNetworkMetric<TopiqNetwork>
{
    private Topiq(string name, string trainedOn)
        : base(
            name, $"Quality against a reference, seen from semantics down to distortions, trained on {trainedOn}", ContractOf(name),
            () => PublishedWeights.Fill(new TopiqNetwork(new TopiqOptions()), name))
    {
    }

    public static Topiq Fr { get; } = new("topiq-fr", "KADID-10k");

    public static Topiq FrPipal { get; } = new("topiq-fr-pipal", "PIPAL");

    /// <summary>What TOPIQ promises with a reference and without.</summary>
    internal static MetricContract ContractOf(string name) => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, (x − mean)/deviation of ImageNet in 0..1; gray as R = G = B",
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

    private protected override Tensor Score(TopiqNetwork network, Tensor picture, Tensor reference) => network.Forward(picture, reference);
}

/// <summary>Options of <see cref="TopiqNetwork"/>; the defaults are the published networks.</summary>
public sealed record TopiqOptions
{
    /// <summary>Whether it compares with a reference.</summary>
    public bool Reference { get; init; } = true;

    /// <summary>Numbers in a token, a multiple of two and of the heads.</summary>
    public int Width { get; init; } = 256;

    public int Heads { get; init; } = 4;

    /// <summary>Width between the two linear layers of a block.</summary>
    public int Inner { get; init; } = 1024;

    public ResNet50Options Backbone { get; init; } = new();
}

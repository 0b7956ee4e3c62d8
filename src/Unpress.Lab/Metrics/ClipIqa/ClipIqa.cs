using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>CLIP-IQA with one of two sets of prompts; their scores do not compare.</summary>
public sealed class ClipIqa : BlindNetworkMetric<ClipIqaNetwork>
{
    private const string Weights = "clip-rn50";

    private ClipIqa(string name, string summary, string source, IReadOnlyList<(int[] Good, int[] Bad)> pairs)
        : base(name, summary, ContractOf(source), () => PublishedWeights.FillFrom(new ClipIqaNetwork(new ClipIqaOptions { Pairs = pairs }), Weights))
    {
    }

    public static ClipIqa Images { get; } = new(
        "clip-iqa", "Whether CLIP finds a picture nearer to five prompts that praise than to their opposites; no reference",
        "Wang et al., AAAI 2023; pyiqa's five pairs of prompts", ClipPrompts.Images);

    public static ClipIqa Photos { get; } = new(
        "clip-iqa-photo", "Whether CLIP finds a picture nearer to \"Good photo.\" than to \"Bad photo.\"; no reference",
        "Wang et al., AAAI 2023, its one pair of prompts; in single precision, where the authors' code has half", ClipPrompts.Photos);

    private protected override Tensor Score(ClipIqaNetwork network, Tensor picture) => network.Forward(picture);

    private static MetricContract ContractOf(string source) => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, (x − mean)/deviation of CLIP in 0..1; gray as R = G = B",
        Border = "zeros beyond, as in CLIP's ResNet",
        Window = "the whole picture in its own size",
        Range = "0..1",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 32,
        Weights = [Weights],
        Source = source,
    };
}

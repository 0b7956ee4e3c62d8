using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>TOPIQ without a reference.</summary>
public sealed class TopiqBlind : BlindNetworkMetric<TopiqNetwork>
{
    private readonly int? _side;

    /// <param name="side">The shorter side to which the picture is brought first; null leaves its size.</param>
    private TopiqBlind(string name, string trainedOn, int? side = null)
        : base(
            name, $"Quality seen from semantics down to distortions, without a reference, trained on {trainedOn}", ContractOf(name, side),
            () => PublishedWeights.Fill(new TopiqNetwork(new TopiqOptions { Reference = false }), name))
        => _side = side;

    public static TopiqBlind Nr { get; } = new("topiq-nr", "KonIQ-10k");

    public static TopiqBlind NrFlive { get; } = new("topiq-nr-flive", "FLIVE", side: 384);

    public static TopiqBlind NrSpaq { get; } = new("topiq-nr-spaq", "SPAQ");

    /// <summary>The shorter side brought to a length, bilinear with antialiasing; the longer one rounded down.</summary>
    internal static Tensor Resize(Tensor picture, int side)
    {
        long height = picture.Size(2), width = picture.Size(3), least = Math.Min(height, width);
        return Functional.Resample(picture, height * side / least, width * side / least, Interpolation.Bilinear);
    }

    private protected override Tensor Score(TopiqNetwork network, Tensor picture)
        => network.Forward(_side is { } side ? Resize(picture, side) : picture);

    private static MetricContract ContractOf(string name, int? side) => side is null
        ? Topiq.ContractOf(name)
        : Topiq.ContractOf(name) with { Window = $"the whole picture, its shorter side brought to {side} (bilinear, antialiasing)" };
}

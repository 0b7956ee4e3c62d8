using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// max(0, D_CR − D_CE) with D_CR = d(ψ(y), ψ(x)) and D_CE = d(ψ(f(x)), ψ(x)): pushes the enhanced picture away from the compressed one while
/// it is nearer to that than the raw picture is. L_R of "Enhancing Quality of Compressed Images by Mitigating Enhancement Bias Towards
/// Compression Domain", CVPR 2024. Our readings: the maximum is taken picture by picture, and ψ is conv5_4 of VGG-19, which the paper leaves
/// open.
/// </summary>
public sealed class DivergenceLoss(FeatureOptions options) : ILossTerm
{
    private readonly PerceptualDistance _distance = FeatureSource.Open(options).Distance(options);

    public static LossEntry Entry { get; } = new(
        "divergence", "away from the compressed picture (bias mitigation)", section => new DivergenceLoss(section.Read<FeatureOptions>()));

    public string? Provenance => FeatureSource.Open(options).Description;

    public IEnumerable<string> Conflicts(LossPlan plan) => _distance.Conflicts(plan);

    public Tensor Evaluate(LossInput step)
    {
        var compressed = _distance.Features(step.Compressed);
        var wanted = _distance.PerImage(_distance.Features(step.Raw), compressed).Detach();
        return Functional.Relu(wanted - _distance.PerImage(_distance.Features(step.Enhanced), compressed)).Mean();
    }
}

using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>Distance of the features of f(x) from those of y, see <see cref="PerceptualDistance"/>.</summary>
public sealed class PerceptualLoss(FeatureOptions options) : ILossTerm
{
    private readonly PerceptualDistance _distance = FeatureSource.Open(options).Distance(options);

    public static LossEntry Entry { get; } = new(
        "perceptual", "difference of the features of a recognition network", section => new PerceptualLoss(section.Read<FeatureOptions>()));

    public string? Provenance => FeatureSource.Open(options).Description;

    public IEnumerable<string> Conflicts(LossPlan plan) => _distance.Conflicts(plan);

    public Tensor Evaluate(LossInput step) => _distance.PerImage(_distance.Features(step.Enhanced), _distance.Features(step.Raw)).Mean();
}

using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// d(f(y), y): raw pictures are left alone. L_iden of "Breaking the Multi-Enhancement Bottleneck: Domain-Consistent Quality
/// Enhancement for Compressed Images"; the reconstruction term of Shocher et al., "Idempotent Generative Networks", ICLR 2024.
/// </summary>
public sealed class IdentityLoss(IdentityOptions options) : ILossTerm
{
    private readonly IDistance _distance = DistanceList.Create(options);

    public static LossEntry Entry { get; } = new(
        "identity", "raw pictures are left alone (idempotent adaptation)", section => new IdentityLoss(section.Read<IdentityOptions>()))
    {
        Passes = 1,
    };

    public string? Provenance => DistanceList.Provenance(options);

    public IEnumerable<string> Conflicts(LossPlan plan) => [.. SecondPass.Conflicts(plan), .. _distance.Conflicts(plan)];

    public Tensor Evaluate(LossInput step)
    {
        var distances = _distance.PerImage(step.EnhancedRaw, step.Raw);
        return options.Weighting == IdentityWeighting.Even ? distances.Mean() : (distances * Evidence(step)).Mean();
    }

    // A batch of patches that nobody compressed has no evidence in it, and no weight.
    private Tensor Evidence(LossInput step)
    {
        var damage = _distance.PerImage(step.Compressed, step.Raw);
        return damage / (damage.Mean() + 1e-6);
    }
}

/// <summary>Options of <see cref="IdentityLoss"/>.</summary>
public sealed record IdentityOptions : DistanceOptions
{
    public IdentityWeighting Weighting { get; init; } = IdentityWeighting.Even;
}

/// <summary>How much each raw patch counts in <see cref="IdentityLoss"/>.</summary>
public enum IdentityWeighting
{
    /// <summary>All the same, as published.</summary>
    Even,

    /// <summary>
    /// In proportion to d(x, y), with mean 1: a patch that compression changes much is evidently clean when it is met unchanged, while one
    /// that it hardly changes looks alike either way, and there identity is paid for with first-pass quality. Ours, not in the paper.
    /// </summary>
    Evident,
}

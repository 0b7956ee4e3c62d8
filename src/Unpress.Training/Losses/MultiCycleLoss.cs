using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// Σ_k w_k·d(f^k(x), y): every pass shall come out right, all with gradients. The straightforward way that idempotent adaptation is compared
/// with; it replaces the network's own loss, whose place the first weight takes.
/// </summary>
public sealed class MultiCycleLoss(MultiCycleOptions options) : ILossTerm
{
    private readonly IDistance _distance = DistanceList.Create(options);

    public static LossEntry Entry { get; } = new(
        "multi-cycle", "every one of several passes comes out right", section => new MultiCycleLoss(section.Read<MultiCycleOptions>()))
    {
        Passes = 1,
    };

    public string? Provenance => DistanceList.Provenance(options);

    public IEnumerable<string> Conflicts(LossPlan plan) => [.. SecondPass.Conflicts(plan), .. _distance.Conflicts(plan)];

    public Tensor Evaluate(LossInput step)
    {
        var picture = step.Enhanced;
        var total = Term(picture, 0);
        for (int k = 1; k < options.Weights.Count; k++)
        {
            picture = step.Forward(picture);
            total += Term(picture, k);
        }

        return total;

        Tensor Term(Tensor enhanced, int pass) => _distance.PerImage(enhanced, step.Raw).Mean() * options.Weights[pass];
    }
}

/// <summary>Options of <see cref="MultiCycleLoss"/>.</summary>
public sealed record MultiCycleOptions : DistanceOptions
{
    /// <summary>w₁, w₂, …: one a pass; as many passes as there are weights.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [1, 0.1];

    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults())
            yield return fault;
        if (Weights.Count < 2)
            yield return $"weights has {Weights.Count}, must have 2 or more: one pass alone is the ordinary loss";
        foreach (double weight in Weights.Where(weight => weight < 0))
            yield return FormattableString.Invariant($"weights has {weight}, must be 0 or more");
    }
}

/// <summary>
/// d(f⁻(f(x)), f(x)): an enhanced picture is one that the network leaves alone. f⁻ has the same weights as constants: the gradient goes
/// through it into the inner f, which shall end where f⁻ changes nothing; the outer f shall not learn to change nothing anywhere.
/// L_idem of the domain-consistent enhancement paper, as in Idempotent Generative Networks.
/// </summary>
public sealed class IdempotencyLoss(IdempotencyOptions options) : ILossTerm
{
    private readonly IDistance _distance = DistanceList.Create(options);

    public static LossEntry Entry { get; } = new(
        "idempotency", "a second pass changes nothing (idempotent adaptation)", section => new IdempotencyLoss(section.Read<IdempotencyOptions>()))
    {
        Passes = 1,
    };

    public string? Provenance => DistanceList.Provenance(options);

    public IEnumerable<string> Conflicts(LossPlan plan) => [.. SecondPass.Conflicts(plan), .. _distance.Conflicts(plan)];

    public Tensor Evaluate(LossInput step) => _distance.PerImage(step.ForwardFrozen(step.Enhanced), step.Enhanced).Mean();
}

/// <summary>Options of <see cref="IdempotencyLoss"/>.</summary>
public sealed record IdempotencyOptions : DistanceOptions;

/// <summary>What a network must be able to do for terms that show it more than compressed pictures.</summary>
internal static class SecondPass
{
    public static IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network.Facts.Needs.HasFlag(Knowledge.Jpeg))
            yield return "shows the network its own output or a raw picture, but this one needs the coefficients of a JPEG file";
    }
}

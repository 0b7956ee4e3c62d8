using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// d(f⁻(f(x)), f(x)): an enhanced picture is one that the network leaves alone. f⁻ has the same weights as constants: the gradient goes
/// through it into the inner f, which shall end where f⁻ changes nothing; the outer f shall not learn to change nothing anywhere.
/// L_idem of the domain-consistent enhancement paper, as in Idempotent Generative Networks.
/// </summary>
public sealed class IdempotencyLoss(IdempotencyOptions options) : ILossTerm
{
    private readonly IDistance _distance = DistanceList.Create(options);

    public static LossEntry Entry { get; } = new(
        "idempotency", "a second pass changes nothing (idempotent adaptation)", section => new IdempotencyLoss(section.Read<IdempotencyOptions>()));

    public string? Provenance => DistanceList.Provenance(options);

    public IEnumerable<string> Conflicts(LossPlan plan) => [.. SecondPass.Conflicts(plan), .. _distance.Conflicts(plan)];

    public Tensor Evaluate(LossInput step) => _distance.PerImage(step.ForwardFrozen(step.Enhanced), step.Enhanced).Mean();
}

/// <summary>Options of <see cref="IdempotencyLoss"/>.</summary>
public sealed record IdempotencyOptions : DistanceOptions;

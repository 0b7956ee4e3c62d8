using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// −B·tanh(d(f(ŷ), ŷ) / B) with ŷ = f⁻(x) fixed and B = a·d(f(y), y) of the same picture, fixed: the outer f shall move what is not
/// a raw picture, so that "left alone" keeps meaning "raw". It is maximised and could grow without end, hence the bound: linear while small,
/// flat at −B. L_comp of the domain-consistent enhancement paper; the tightness term of Idempotent Generative Networks.
/// </summary>
public sealed class CompactnessLoss(CompactnessOptions options) : ILossTerm
{
    // A network that already leaves a raw picture alone has a bound of 0, by which nothing can be divided.
    private const double SmallestBound = 1e-6;

    private readonly IDistance _distance = DistanceList.Create(options);

    public static LossEntry Entry { get; } = new(
        "compactness", "what is not raw is moved, within a bound (idempotent adaptation)", section => new CompactnessLoss(section.Read<CompactnessOptions>()))
    {
        Passes = 1,
    };

    public string? Provenance => DistanceList.Provenance(options);

    public IEnumerable<string> Conflicts(LossPlan plan) => [.. SecondPass.Conflicts(plan), .. _distance.Conflicts(plan)];

    public Tensor Evaluate(LossInput step)
    {
        var enhanced = step.Enhanced.Detach();
        var bound = (Reference(step).Detach() * options.Scale).ClampMin(SmallestBound);
        var moved = _distance.PerImage(step.Forward(enhanced), enhanced);
        return -(bound * (moved / bound).Tanh()).Mean();
    }

    private Tensor Reference(LossInput step)
        => _distance.PerImage(options.Bound == CompactnessBound.Raw ? step.EnhancedRaw : step.Enhanced, step.Raw);
}

/// <summary>The distance that bounds <see cref="CompactnessLoss"/>; sources disagree which.</summary>
public enum CompactnessBound
{
    /// <summary>d(f(y), y), how far the network moves the raw picture.</summary>
    Raw,

    /// <summary>d(f(x), y), how far the enhanced picture is from the raw one.</summary>
    Compressed,
}

/// <summary>Options of <see cref="CompactnessLoss"/>.</summary>
public sealed record CompactnessOptions : DistanceOptions
{
    public CompactnessBound Bound { get; init; } = CompactnessBound.Raw;

    /// <summary>a, by which the bound's distance is multiplied; the paper's value.</summary>
    public double Scale { get; init; } = 1.5;

    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults())
            yield return fault;
        if (Scale <= 0)
            yield return FormattableString.Invariant($"scale is {Scale}, must be above 0");
    }
}

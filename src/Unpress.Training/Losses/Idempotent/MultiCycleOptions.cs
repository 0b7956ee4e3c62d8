namespace Unpress.Losses;

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

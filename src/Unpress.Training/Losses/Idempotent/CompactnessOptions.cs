namespace Unpress.Losses;

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

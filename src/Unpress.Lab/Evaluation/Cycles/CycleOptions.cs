namespace Unpress.Evaluation.Cycles;

/// <summary>What a <see cref="CycleTable"/> is made from. Consistent are the pictures after each enhancement, before the next.</summary>
public sealed record CycleOptions : EvaluationOptions
{
    /// <summary>Enhancements in a row, two or more.</summary>
    public int Cycles { get; init; } = 5;

    private protected override IEnumerable<string> Faults()
        => Cycles < 2 ? base.Faults().Append($"{Cycles} cycles: two or more") : base.Faults();
}

namespace Unpress.Evaluation;

/// <summary>Means over rows of an <see cref="EstimateTable"/>.</summary>
/// <param name="Pictures">How many rows.</param>
/// <param name="Found">Mean of the network's numbers.</param>
/// <param name="Error">Mean distance of its numbers from the truth.</param>
/// <param name="Near">Share of numbers at most <see cref="EstimateTable.Near"/> from the truth, 0..1.</param>
/// <param name="Exact">Share of right classes, 0..1; of right whole numbers, where the network has no classes.</param>
public sealed record EstimateFigures(int Pictures, double Found, double Error, double Near, double Exact)
{
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static EstimateFigures Of(IReadOnlyList<EstimateRow> rows) => new(
        rows.Count,
        rows.Average(row => row.Found),
        rows.Average(row => row.Error),
        rows.Average(row => row.Error <= EstimateTable.Near ? 1 : 0),
        rows.Average(row => row.IsExact ? 1 : 0));
}

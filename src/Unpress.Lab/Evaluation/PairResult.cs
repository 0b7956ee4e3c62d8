namespace Unpress.Evaluation;

/// <summary>What came of one pair.</summary>
/// <param name="Values">One value a metric, in the order asked for, NaN where that metric is not defined for the pair; null when the whole pair failed.</param>
/// <param name="Error">One line that names the file; null when all went well; faults of several metrics are joined by semicolons.</param>
/// <param name="Notice">Something the reader of the numbers should know; null when there is nothing.</param>
public sealed record PairResult(PicturePaths Paths, IReadOnlyList<double>? Values, string? Error, string? Notice);

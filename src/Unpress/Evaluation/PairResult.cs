namespace Unpress.Evaluation;

/// <summary>What came of one pair.</summary>
/// <param name="Values">One value a metric, in the order asked for; null when the pair failed.</param>
/// <param name="Error">One line that names the file; null when all went well.</param>
/// <param name="Notice">Something the reader of the numbers should know; null when there is nothing.</param>
public sealed record PairResult(PicturePaths Paths, IReadOnlyList<double>? Values, string? Error, string? Notice);

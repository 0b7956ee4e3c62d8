namespace Unpress.Evaluation.Cycles;

/// <summary>The metrics of one picture after one of its enhancements.</summary>
/// <param name="Image">File name without extension.</param>
/// <param name="Quality">In the codec's own scale.</param>
/// <param name="Cycle">0 is the compressed picture, 1 the first enhancement.</param>
/// <param name="Values">One value a metric, in the order of the options.</param>
public sealed record CycleRow(string Image, int Quality, int Cycle, IReadOnlyList<double> Values);

namespace Unpress.Evaluation;

/// <summary>The metrics of one picture at one quality, before or after restoration.</summary>
/// <param name="Image">File name without extension.</param>
/// <param name="Quality">In the codec's own scale.</param>
/// <param name="BitsPerPixel">Of the compressed picture.</param>
/// <param name="Method"><see cref="RestoreTable.Compressed"/> or the name of what restored it.</param>
/// <param name="Values">One value a metric, in the order of the options.</param>
public sealed record RestoreRow(string Image, int Quality, double BitsPerPixel, string Method, IReadOnlyList<double> Values);

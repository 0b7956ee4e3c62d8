namespace Unpress.Vision.Scores;

/// <summary>A detection that has been compared with the truth.</summary>
/// <param name="Right">It found something that counts.</param>
internal readonly record struct Judged(double Score, bool Right);

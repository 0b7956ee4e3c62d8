namespace Unpress.Vision;

/// <summary>What a detector says it sees.</summary>
/// <param name="Class">As the detector counts, from 0.</param>
/// <param name="Score">0..1.</param>
public readonly record struct Detection(int Class, double Score, Box Box);

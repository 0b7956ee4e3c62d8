namespace Unpress.Lab.Results;

/// <summary>A codec as a run used it.</summary>
/// <param name="QualityName">The word for its settings, with their direction.</param>
/// <param name="Encoder">Library and version.</param>
/// <param name="Settings">From the recipe, in its order.</param>
public sealed record CodecFacts(string Name, string QualityName, string Encoder, IReadOnlyList<int> Settings);

using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

/// <summary>What is in a picture, and what a detector says, in the same numbering of classes.</summary>
public sealed record Findings(IReadOnlyList<TrueBox> Truth, IReadOnlyList<Detection> Detections);

using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

/// <summary>What is in a picture, and what a detector says, in the same numbering of classes.</summary>
public sealed record Findings(IReadOnlyList<TrueBox> Truth, IReadOnlyList<Detection> Detections)
{
    /// <summary>The same, class by class.</summary>
    internal IEnumerable<(int Class, Findings Findings)> ByClass()
    {
        var truth = Truth.ToLookup(one => one.Class);
        var detections = Detections.ToLookup(one => one.Class);
        return truth.Select(group => group.Key).Union(detections.Select(group => group.Key))
            .Select(one => (one, new Findings([.. truth[one]], [.. detections[one]])));
    }
}

using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>What looks at the pictures, and what is in them.</summary>
public sealed record DownstreamSection : IHasFaults
{
    public IReadOnlyList<DetectorUnderTest> Detectors { get; init; } = [];

    public IReadOnlyList<SegmenterUnderTest> Segmenters { get; init; } = [];

    /// <summary>Of a set without them only the agreement with the originals is known.</summary>
    public IReadOnlyList<AnnotationSection> Annotations { get; init; } = [];

    public IEnumerable<string> Faults()
    {
        if (Detectors.Count + Segmenters.Count == 0)
            yield return "there are neither detectors nor segmenters";
        foreach (string twice in Twice(Detectors.Select(one => one.Name).Concat(Segmenters.Select(one => one.Name))).Concat(Twice(Annotations.Select(one => one.Set))))
            yield return $"'{twice}' is there twice";
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names) =>
        names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);
}

/// <summary>What is in the pictures of a set.</summary>
public sealed record AnnotationSection : IHasFaults
{
    /// <summary>Name of the set.</summary>
    public required string Set { get; init; }

    /// <summary>COCO's instances_*.json, or VOC's folder Annotations.</summary>
    public string? Boxes { get; init; }

    /// <summary>VOC's folder SegmentationClass, or COCO's instances_*.json.</summary>
    public string? Masks { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Boxes is null && Masks is null)
            yield return "needs boxes or masks";
    }
}

using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

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

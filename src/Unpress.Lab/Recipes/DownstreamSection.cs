using Unpress.Recipes;
using Unpress.Vision;

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
        foreach (string twice in Twice(Detectors.Select(one => one.Name).Concat(Segmenters.Select(one => one.Name)))
            .Concat(Twice(Annotations.Select(one => one.Set))))
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

/// <summary>A detector of objects that somebody else trained.</summary>
public sealed record DetectorUnderTest : IHasFaults
{
    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>An ONNX file; relative paths start at the current directory.</summary>
    public required string Model { get; init; }

    /// <summary>How it is asked and its answer read.</summary>
    public required DetectorOptions Reading { get; init; }

    /// <summary>A file with the names of its classes, one a line, in its order; left out: those of the annotation, in their order.</summary>
    public string? Classes { get; init; }

    /// <summary>What it sees in an original with this score or more is what it should see in the others.</summary>
    public double Sure { get; init; } = 0.5;

    /// <summary>Average precision of each class too, in a table of its own.</summary>
    public bool PerClass { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Name.Length == 0)
            yield return "name is empty";
        if (!(Sure is > 0 and <= 1))
            yield return $"sure is {Sure}, must be more than 0, up to 1";
    }
}

/// <summary>A network of others that says of each pixel what it shows: an output of 1×C×H×W.</summary>
public sealed record SegmenterUnderTest : IHasFaults
{
    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>An ONNX file; relative paths start at the current directory.</summary>
    public required string Model { get; init; }

    public VisionInput Input { get; init; } = new();

    /// <summary>Name of the output to read, where there are several.</summary>
    public string? Output { get; init; }

    /// <summary>
    /// A file with the names of its classes, one a line, in its order; left out: 0 is the background and COCO's categories follow.
    /// </summary>
    public string? Classes { get; init; }

    /// <summary>Intersection over union of each class too, in a table of its own; needs <see cref="Classes"/>.</summary>
    public bool PerClass { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Name.Length == 0)
            yield return "name is empty";
        if (PerClass && Classes is null)
            yield return "perClass needs classes, a file with their names";
    }
}

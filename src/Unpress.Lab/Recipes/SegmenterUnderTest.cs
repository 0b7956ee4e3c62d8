using Unpress.Recipes;
using Unpress.Vision;

namespace Unpress.Lab.Recipes;

/// <summary>A network of others that says of each pixel what it shows: an output of 1×C×H×W.</summary>
public sealed record SegmenterUnderTest : IHasFaults
{
    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>An ONNX file; relative paths start at the current directory.</summary>
    public required string Model { get; init; }

    public ModelInput Input { get; init; } = new();

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

using Unpress.Recipes;
using Unpress.Vision;

namespace Unpress.Lab.Recipes;

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

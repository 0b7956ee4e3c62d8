using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>A number for how close a picture is to its original, or, <see cref="INoReferenceMetric"/>, how good it looks.</summary>
public interface IMetric
{
    /// <summary>Name on the command line and in tables, lower case.</summary>
    string Name { get; }

    /// <summary>One line for help texts.</summary>
    string Summary { get; }

    MetricContract Contract { get; }

    /// <summary>Loads the weights that the metric needs, so that a missing file is known before the work starts; most need none.</summary>
    /// <exception cref="MissingToolException">A file is not here; the message says which and where it belongs.</exception>
    void Prepare()
    {
    }

    /// <summary>
    /// Compares two pictures of the same size. Samples of 16 bits are scaled to 0..255 first; alpha is ignored.
    /// Safe to call from several threads at once.
    /// </summary>
    /// <param name="reference">The original, H×W, gray or RGB.</param>
    /// <param name="image">The compressed or restored picture, same size and colour model.</param>
    /// <exception cref="IncomparableException">The sizes or colour models differ, or the metric is not defined for them.</exception>
    double Measure(ImageBuffer reference, ImageBuffer image);
}

/// <summary>A number for how good a picture looks by itself. Among pairs it looks at the second picture and leaves the original alone.</summary>
public interface INoReferenceMetric : IMetric
{
    /// <summary>Samples of 16 bits are scaled to 0..255 first; alpha is ignored. Safe to call from several threads at once.</summary>
    /// <param name="image">H×W, gray or RGB.</param>
    /// <exception cref="IncomparableException">The metric is not defined for the picture; the message says why.</exception>
    /// <exception cref="MissingToolException">Its weights are not here; the message says how to get them.</exception>
    double Measure(ImageBuffer image);

    double IMetric.Measure(ImageBuffer reference, ImageBuffer image) => Measure(image);
}

/// <summary>
/// What a metric promises, so that its number can be compared with a paper's: two metrics that differ in any of these
/// facts have different names. Help texts, documentation and tests read them from here.
/// </summary>
public sealed record MetricContract
{
    public required MetricDirection Direction { get; init; }

    /// <summary>Which bands are compared, on which scale, rounded or not.</summary>
    public required string Colour { get; init; }

    /// <summary>What happens at the border of the picture.</summary>
    public required string Border { get; init; }

    /// <summary>The neighbourhood that one local value is computed from.</summary>
    public required string Window { get; init; }

    /// <summary>Values that can occur, with their unit.</summary>
    public required string Range { get; init; }

    /// <summary>Decimals that tables print: 2 for decibels, 4 for similarities, as papers do.</summary>
    public required int Decimals { get; init; }

    /// <summary>The value of a picture compared with itself; null for a metric that does not compare.</summary>
    public required double? OnIdentical { get; init; }

    /// <summary>True when swapping the two pictures does not change the value.</summary>
    public required bool Symmetric { get; init; }

    /// <summary>Smallest width and height, in pixels, for which the metric is defined.</summary>
    public required int MinSide { get; init; }

    /// <summary>Names of the published weights it needs, as <c>unpress models fetch</c> knows them; most need none.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [];

    /// <summary>Paper and equation, or the code whose figures this name reproduces.</summary>
    public required string Source { get; init; }
}

/// <summary>Which way a metric points.</summary>
public enum MetricDirection
{
    HigherIsBetter,
    LowerIsBetter,
}

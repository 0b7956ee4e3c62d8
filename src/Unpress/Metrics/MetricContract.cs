namespace Unpress.Metrics;

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

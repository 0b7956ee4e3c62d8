using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Unpress;

/// <summary>
/// Where work tells how long it took: spans and measures in .NET's own form, which OpenTelemetry reads. While nobody listens, nothing is recorded.
/// No names and no contents of files are told.
/// </summary>
public static class Telemetry
{
    /// <summary>By which listeners ask for the spans and the measures.</summary>
    public const string Name = "Unpress";

    public static ActivitySource Spans { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);
}

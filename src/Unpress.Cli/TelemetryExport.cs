using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Unpress.Cli;

/// <summary>
/// Sends <see cref="Telemetry"/> to an OpenTelemetry collector, where the environment asks for it: UNPRESS_TELEMETRY=otlp. Where to and how is said by
/// OpenTelemetry's own variables, OTEL_EXPORTER_OTLP_ENDPOINT and the others; those alone send nothing.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string Flag = "UNPRESS_TELEMETRY";

    private static readonly string? Version =
        typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    private readonly TracerProvider _spans;
    private readonly MeterProvider _measures;

    private TelemetryExport()
    {
        _spans = Sdk.CreateTracerProviderBuilder().ConfigureResource(Name).AddSource(Telemetry.Name, "Microsoft.AspNetCore").AddOtlpExporter().Build();
        _measures = Sdk.CreateMeterProviderBuilder().ConfigureResource(Name).AddMeter(Telemetry.Name, "Microsoft.AspNetCore.Hosting").AddOtlpExporter().Build();
    }

    /// <summary>Null where it is not asked for.</summary>
    /// <exception cref="ArgumentException">The environment asks for another kind.</exception>
    public static TelemetryExport? Start() => Environment.GetEnvironmentVariable(Flag) switch
    {
        null or "" or "none" => null,
        "otlp" => new TelemetryExport(),
        var other => throw new ArgumentException($"{Flag}={other}: otlp sends telemetry to a collector, none does not"),
    };

    /// <summary>Sends what is left; a collector that does not answer holds the end up by some seconds.</summary>
    public void Dispose()
    {
        _spans.Dispose();
        _measures.Dispose();
    }

    private static void Name(ResourceBuilder resource)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            resource.AddService("unpress", serviceVersion: Version);
    }
}

namespace Unpress.Metrics;

/// <summary>Two pictures that a metric cannot compare; the message is one line that says why.</summary>
public sealed class IncomparableException(string message) : Exception(message);

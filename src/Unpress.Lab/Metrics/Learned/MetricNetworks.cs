namespace Unpress.Metrics;

/// <summary>What all networks behind metrics share, whatever their type.</summary>
internal static class MetricNetworks
{
    /// <summary>Held by the one that runs.</summary>
    public static readonly Lock OneAtATime = new();
}

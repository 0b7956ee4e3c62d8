namespace Unpress.Metrics;

/// <summary>A point of a rate curve.</summary>
/// <param name="Rate">Bits, bits per pixel or bits per second: any unit, the same for all points; above zero.</param>
/// <param name="Quality">In a unit where more is better, such as dB.</param>
public readonly record struct RatePoint(double Rate, double Quality);

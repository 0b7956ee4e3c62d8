namespace Unpress.Metrics;

/// <summary>
/// How much of the quality of the first enhancement each further one costs ("Breaking the Multi-Enhancement Bottleneck", section 3):
/// DI = s · (Q₁ − Qₙ) / ((n − 1) · Q₁) · 100 %, s = 1 where a higher Q is better, else −1. Below 0, quality still rises.
/// </summary>
public static class DegradationIndex
{
    /// <param name="qualities">Q₁ to Qₙ, after the first to the n-th enhancement; at least two.</param>
    /// <returns>Percent.</returns>
    /// <exception cref="ArgumentException">Fewer than two values.</exception>
    public static double Of(IReadOnlyList<double> qualities, MetricDirection direction)
    {
        if (qualities.Count < 2)
            throw new ArgumentException("a degradation index takes two cycles or more", nameof(qualities));
        double first = qualities[0], sign = direction == MetricDirection.HigherIsBetter ? 1 : -1;
        return sign * (first - qualities[^1]) / ((qualities.Count - 1) * first) * 100 + 0.0; // no negative zero
    }
}

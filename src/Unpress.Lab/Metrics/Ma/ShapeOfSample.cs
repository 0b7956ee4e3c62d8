namespace Unpress.Metrics;

/// <summary>
/// The shape of a generalised Gaussian fitted to a sample, as the code of Ma et al. finds it: of shapes 0.030, 0.031, …, 10.000 the last whose
/// Γ(1/γ)Γ(3/γ)/Γ(2/γ)² is not below var/(E|x − µ|² + 10⁻⁷), and 11 where there is none.
/// </summary>
internal static class ShapeOfSample
{
    private const int Count = 9971;
    private const double None = 11, Epsilon = 1e-7;

    // Falling.
    private static readonly double[] Ratios = [.. Enumerable.Range(0, Count).Select(i => RatioOf(Shape(i)))];

    public static double Of(ReadOnlySpan<double> sample)
    {
        double mean = 0, square = 0, absolute = 0;
        foreach (double value in sample)
            mean += value;
        mean /= sample.Length;
        foreach (double value in sample)
        {
            square += (value - mean) * (value - mean);
            absolute += Math.Abs(value - mean);
        }

        absolute /= sample.Length;
        return Find(square / (sample.Length - 1) / ((absolute * absolute) + Epsilon));
    }

    private static double Find(double ratio)
    {
        if (!(ratio <= Ratios[0]) || ratio <= Ratios[^1])
            return None;
        int low = 0, high = Count - 1; // Ratios[low] >= ratio > Ratios[high]
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Ratios[middle] >= ratio ? (middle, high) : (low, middle);
        }

        return Shape(low);
    }

    private static double Shape(int place) => (30 + place) / 1000.0;

    private static double RatioOf(double shape)
    {
        double middle = GaussianShapes.Gamma(2 / shape);
        return GaussianShapes.Gamma(1 / shape) * GaussianShapes.Gamma(3 / shape) / (middle * middle);
    }
}

namespace Unpress.Metrics;

/// <summary>
/// Shapes 0.200, 0.201, …, 10.000 of generalised Gaussians with what their fits need. A fit takes the nearest shape, the first of two equally
/// near ones, and the first of all where the sample has no spread, as the authors' code does.
/// </summary>
internal static class GaussianShapes
{
    private const int Count = 9801;

    private static readonly double[] Gamma1 = Table(1), Gamma2 = Table(2), Gamma3 = Table(3);

    // Both rise with the shape.
    private static readonly double[] Symmetric = [.. Enumerable.Range(0, Count).Select(i => -Gamma1[i] * Gamma3[i] / (Gamma2[i] * Gamma2[i]))];
    private static readonly double[] Asymmetric = [.. Enumerable.Range(0, Count).Select(i => Gamma2[i] * Gamma2[i] / (Gamma1[i] * Gamma3[i]))];

    /// <summary>The place of the shape with Γ(1/γ)Γ(3/γ)/Γ(2/γ)² nearest to E[x²]/E[|x|]².</summary>
    public static int FindSymmetric(double ratio) => Nearest(Symmetric, -ratio);

    /// <summary>The place of the shape with Γ(2/α)²/(Γ(1/α)Γ(3/α)) nearest to the ratio.</summary>
    public static int FindAsymmetric(double ratio) => Nearest(Asymmetric, ratio);

    public static double Shape(int place) => (200 + place) / 1000.0;

    /// <summary>Γ(2/α)/Γ(1/α).</summary>
    public static double MeanFactor(int place) => Gamma2[place] / Gamma1[place];

    /// <summary>sqrt(Γ(1/α)/Γ(3/α)), the scale of a unit deviation.</summary>
    public static double ScaleFactor(int place) => Math.Sqrt(Gamma1[place] / Gamma3[place]);

    private static int Nearest(double[] rising, double value)
    {
        if (double.IsNaN(value))
            return 0;
        int place = Array.BinarySearch(rising, value);
        if (place >= 0)
            return place;
        int above = ~place;
        if (above == 0 || above == rising.Length)
            return Math.Min(above, rising.Length - 1);
        return value - rising[above - 1] <= rising[above] - value ? above - 1 : above;
    }

    private static double[] Table(int numerator) => [.. Enumerable.Range(0, Count).Select(i => Gamma(numerator / Shape(i)))];

    // Lanczos' approximation with g = 7 and nine terms, good to 15 digits for arguments above 1/2; below, by reflection.
    internal static double Gamma(double x)
    {
        if (x < 0.5)
            return Math.PI / (Math.Sin(Math.PI * x) * Gamma(1 - x));
        ReadOnlySpan<double> terms =
        [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
            9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        double sum = 0.99999999999980993;
        for (int k = 0; k < terms.Length; k++)
            sum += terms[k] / (x + k);
        double t = x + 6.5;
        return Math.Sqrt(2 * Math.PI) * Math.Pow(t, x - 0.5) * Math.Exp(-t) * sum;
    }
}

namespace Unpress.Metrics;

internal static class Decibel
{
    /// <summary>10·log10(255²/error): infinity when the error is zero, with nothing added to keep it finite.</summary>
    public static double FromSquaredError(double error) => 10 * Math.Log10(255.0 * 255.0 / error);
}

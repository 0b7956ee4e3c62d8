using System.Numerics;
using System.Runtime.InteropServices;

namespace Unpress.Metrics;

/// <summary>Sums of squared differences, the arithmetic under PSNR and the blocking effect factor.</summary>
internal static class SquaredDifference
{
    /// <summary>Σ (a − b)² over two rows of one length.</summary>
    public static double Sum(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sums = Vector<double>.Zero;
        for (int i = 0; i < va.Length; i++)
        {
            var difference = va[i] - vb[i];
            sums += difference * difference;
        }
        double sum = Vector.Sum(sums);
        for (int i = va.Length * Vector<double>.Count; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    /// <summary>Mean of (a − b)² over all pixels of all pairs of planes together.</summary>
    public static double Mean(ReadOnlySpan<Plane> reference, ReadOnlySpan<Plane> image)
    {
        int width = reference[0].Width, height = reference[0].Height;
        var a = new double[width];
        var b = new double[width];
        double sum = 0;
        for (int plane = 0; plane < reference.Length; plane++)
        {
            for (int y = 0; y < height; y++)
            {
                reference[plane].ReadRow(y, a);
                image[plane].ReadRow(y, b);
                sum += Sum(a, b);
            }
        }
        return sum / ((double)width * height * reference.Length);
    }

    /// <summary>Mean of (a − b)² over one plane.</summary>
    public static double Mean(Plane reference, Plane image) => Mean([reference], [image]);
}

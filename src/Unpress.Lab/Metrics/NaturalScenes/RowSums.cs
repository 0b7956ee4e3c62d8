using System.Numerics;
using System.Runtime.InteropServices;

namespace Unpress.Metrics;

/// <summary>Weighted sums of rows, several numbers at a time.</summary>
internal static class RowSums
{
    /// <summary>target += weight · source, for as many as the target has.</summary>
    public static void Add(Span<double> target, ReadOnlySpan<double> source, double weight)
    {
        source = source[..target.Length];
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var from = MemoryMarshal.Cast<double, Vector<double>>(source);
        for (int i = 0; i < to.Length; i++)
            to[i] += weight * from[i];
        for (int i = to.Length * Vector<double>.Count; i < target.Length; i++)
            target[i] += weight * source[i];
    }

    /// <summary>target = a · b, for as many as the target has.</summary>
    public static void Multiply(Span<double> target, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        a = a[..target.Length];
        b = b[..target.Length];
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var x = MemoryMarshal.Cast<double, Vector<double>>(a);
        var y = MemoryMarshal.Cast<double, Vector<double>>(b);
        for (int i = 0; i < to.Length; i++)
            to[i] = x[i] * y[i];
        for (int i = to.Length * Vector<double>.Count; i < target.Length; i++)
            target[i] = a[i] * b[i];
    }
}

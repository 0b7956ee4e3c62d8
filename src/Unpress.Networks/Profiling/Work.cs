namespace Unpress.Networks.Profiling;

/// <summary>Multiply-accumulates of a computation, twice.</summary>
/// <param name="True">Convolutions, transposed convolutions, linear layers and matrix products, what is really multiplied and added.</param>
/// <param name="Table">
/// As DAGN's Table III and other tables count, made with the profiler thop: trained convolutions and linear layers as they are, transposed
/// convolutions as if each output pixel saw the whole kernel (four times too many for 2×2 with stride 2), batch norm as 4 per element,
/// PReLU as 1; matrix products, attention and convolutions with fixed numbers not at all.
/// </param>
public readonly record struct Work(double True, double Table)
{
    public static Work operator +(Work a, Work b) => new(a.True + b.True, a.Table + b.Table);
}

using Unpress.Torch;

namespace Unpress.Networks.Profiling;

/// <summary>What one call of an operator costs, from the shapes of its arguments and its result.</summary>
internal static class WorkOfOp
{
    /// <param name="trained">Whether one of its arguments is a trained parameter: the profiler's convention counts no other.</param>
    public static Work Of(Op op, ReadOnlySpan<Value> arguments, Tensor result, bool trained)
    {
        string name = op.Name.Split("::")[1].Split('.')[0];
        double outputs = result.Count;
        return name switch
        {
            "conv1d" or "conv2d" or "conv3d" => Counted(outputs * Kernel(arguments[1].Tensor!)),
            "conv_transpose1d" or "conv_transpose2d" or "conv_transpose3d" => Transposed(arguments, result, trained),
            "linear" => Counted(outputs * arguments[1].Tensor!.Size(-1)),
            "matmul" or "mm" or "bmm" or "mv" or "dot" => new Work(outputs * arguments[0].Tensor!.Size(-1), 0),
            "addmm" or "baddbmm" => new Work(outputs * arguments[1].Tensor!.Size(-1), 0),
            "einsum" => new Work(Einsum(arguments[0].Text!, arguments[1].Tensors!), 0),
            "batch_norm" => new Work(0, trained ? 4 * outputs : 0),
            "prelu" => new Work(0, trained ? outputs : 0),
            _ => default,
        };

        Work Counted(double products) => new(products, trained ? products : 0);
    }

    /// <summary>Weight [Cin, Cout/groups, kH, kW]: each input meets all of its slice; a profiler that thinks of outputs counts more.</summary>
    private static Work Transposed(ReadOnlySpan<Value> arguments, Tensor result, bool trained)
    {
        Tensor input = arguments[0].Tensor!, weight = arguments[1].Tensor!;
        double perGroup = (double)weight.Size(0) * weight.Size(1) / result.Size(1), area = Kernel(weight) / weight.Size(1);
        return new Work(input.Count * Kernel(weight), trained ? result.Count * perGroup * area : 0);
    }

    /// <summary>Weights behind one entry of the first dimension.</summary>
    private static double Kernel(Tensor weight) => (double)weight.Count / weight.Size(0);

    /// <summary>The product of all sizes that the equation names.</summary>
    private static double Einsum(string equation, IReadOnlyList<Tensor?> tensors)
    {
        var sizes = new Dictionary<char, long>();
        string[] terms = equation.Replace(" ", "", StringComparison.Ordinal).Split("->")[0].Split(',');
        for (int k = 0; k < terms.Length; k++)
            for (int d = 0; d < terms[k].Length; d++)
                sizes[terms[k][d]] = tensors[k]!.Size(d);
        return sizes.Values.Aggregate(1.0, (product, size) => product * size);
    }
}

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

using Unpress.Torch;

namespace Unpress.Networks.Export;

/// <summary>Arithmetic, comparisons, sums.</summary>
internal static partial class Operators
{
    private static Dictionary<string, Func<Translation, string>> Numbers => new()
    {
        ["aten::add.Tensor"] = static t => Sum(t, "Add"),
        ["aten::sub.Tensor"] = static t => Sum(t, "Sub"),
        ["aten::mul.Tensor"] = static t => t.Node("Mul", [t.InAsResult(0), t.InAsResult(1)]),
        ["aten::div.Tensor"] = static t => t.Node("Div", [t.InAsResult(0), t.InAsResult(1)]),
        ["aten::minimum"] = static t => t.Node("Min", [t.InAsResult(0), t.InAsResult(1)]),
        ["aten::maximum"] = static t => t.Node("Max", [t.InAsResult(0), t.InAsResult(1)]),
        ["aten::pow.Tensor_Scalar"] = static t => t.Node("Pow", [t.InAsResult(0), t.Scalar(1)]),
        ["aten::add.Scalar"] = static t => t.Node("Add", [t.InAsResult(0), t.Scalar(1)]),
        ["aten::sub.Scalar"] = static t => t.Node("Sub", [t.InAsResult(0), t.Scalar(1)]),
        ["aten::rsub.Scalar"] = static t => t.Node("Sub", [t.Scalar(1), t.InAsResult(0)]),
        ["aten::mul.Scalar"] = static t => t.Node("Mul", [t.InAsResult(0), t.Scalar(1)]),
        ["aten::div.Scalar"] = static t => t.Node("Div", [t.InAsResult(0), t.Scalar(1)]),
        ["aten::remainder.Scalar"] = static t => t.Node("Mod", [t.InAsResult(0), t.Scalar(1)]),
        ["aten::neg"] = static t => t.Node("Neg", [t.In(0)]),
        ["aten::abs"] = static t => t.Node("Abs", [t.In(0)]),
        ["aten::square"] = static t => t.Node("Mul", [t.In(0), t.In(0)]),
        ["aten::sqrt"] = static t => t.Node("Sqrt", [t.In(0)]),
        ["aten::exp"] = static t => t.Node("Exp", [t.In(0)]),
        ["aten::log"] = static t => t.Node("Log", [t.In(0)]),
        ["aten::round"] = static t => t.Node("Round", [t.In(0)]),
        ["aten::clamp"] = static t => Clip(t),
        ["aten::clamp_min"] = static t => Clip(t),
        ["aten::clamp.Tensor"] = static t => t.Node("Min", [t.Node("Max", [t.In(0), t.In(1)]), t.In(2)]),
        ["aten::gt.Scalar"] = static t => Compare(t, "Greater"),
        ["aten::ge.Scalar"] = static t => Compare(t, "GreaterOrEqual"),
        ["aten::lt.Scalar"] = static t => Compare(t, "Less"),
        ["aten::mean"] = static t => t.Node("ReduceMean", [t.In(0)], ("keepdims", 0L)),
        ["aten::mean.dim"] = static t => Mean(t),
        ["aten::sum"] = static t => t.Node("ReduceSum", [t.InAsResult(0)], ("keepdims", 0L)),
        ["aten::sum.dim_IntList"] = static t =>
            t.Node("ReduceSum", [t.InAsResult(0), t.Writer.Integers(t.Integers(1))], ("keepdims", t.Integer(2))),
        ["aten::amax"] = static t => t.Node("ReduceMax", [t.In(0)], ("axes", t.Integers(1)), ("keepdims", t.Integer(2))),
        ["aten::linalg_vector_norm"] = static t => Number2(t)
            ? t.Node("ReduceL2", [t.In(0)], ("axes", t.Integers(2)), ("keepdims", t.Integer(3)))
            : throw t.Fault("is not of order 2"),
        ["aten::eq.Tensor"] = static t => t.Node("Equal", [t.In(0), t.In(1)]),
        ["aten::eq.Scalar"] = static t => Compare(t, "Equal"),
        ["aten::floor_divide.Scalar"] = static t => t.Result.Type == DType.Int64
            ? t.Node("Div", [t.In(0), t.Scalar(1)])
            : throw t.Fault("is not of whole numbers"),
        ["aten::argmin"] = static t => t.Node("ArgMin", [t.In(0)], ("axis", t.Integer(1)), ("keepdims", t.Integer(2))),
        ["aten::to.dtype"] = static t => t.InAsResult(0),
    };

    private static string Sum(Translation t, string type)
        => t.Number(2, 1) == 1 ? t.Node(type, [t.InAsResult(0), t.InAsResult(1)]) : throw t.Fault("has a factor");

    private static string Clip(Translation t)
    {
        string least = t.Has(1) ? t.Scalar(1) : "", most = t.Has(2) ? t.Scalar(2) : "";
        return most.Length == 0 ? t.Node("Clip", [t.In(0), least]) : t.Node("Clip", [t.In(0), least, most]);
    }

    // Height and width at once have an operator of their own, which is the fastest.
    private static string Mean(Translation t)
    {
        long[] dimensions = [.. t.Integers(1).Select(d => (long)Translation.Dimension(d, t.Tensor(0).Rank)).Order()];
        bool keep = t.Flag(2);
        if (t.Tensor(0).Rank == 4 && dimensions is [2, 3])
        {
            string pooled = t.Node("GlobalAveragePool", [t.In(0)]);
            return keep ? pooled : t.Node("Squeeze", [pooled, t.Writer.Integers(2, 3)]);
        }

        return t.Node("ReduceMean", [t.In(0)], ("axes", dimensions), ("keepdims", keep ? 1L : 0L));
    }

    private static string Compare(Translation t, string type) => t.Node(type, [t.In(0), Beside(t)]);

    // The result is a truth value: the number is of the tensor's type.
    private static string Beside(Translation t)
        => t.Sizeable(1) is { } size ? t.Writer.Size(size) : t.Writer.Scalar(t.Number(1), t.Tensor(0).Type);

    private static bool Number2(Translation t) => t.Number(1, 2) == 2;
}

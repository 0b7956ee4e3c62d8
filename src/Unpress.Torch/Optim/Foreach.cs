namespace Unpress.Torch.Optim;

/// <summary>One call for a whole list of tensors, in place unless said otherwise.</summary>
internal static class Foreach
{
    private static readonly Op MulScalarOp = Op.Find("aten::_foreach_mul_.Scalar");
    private static readonly Op AddListOp = Op.Find("aten::_foreach_add_.List");
    private static readonly Op SumOp = Op.Find("aten::_foreach_add.List");
    private static readonly Op AddScalarOp = Op.Find("aten::_foreach_add_.Scalar");
    private static readonly Op DivScalarOp = Op.Find("aten::_foreach_div_.Scalar");
    private static readonly Op AddCMulOp = Op.Find("aten::_foreach_addcmul_.Scalar");
    private static readonly Op AddCDivOp = Op.Find("aten::_foreach_addcdiv_.Scalar");
    private static readonly Op SqrtOp = Op.Find("aten::_foreach_sqrt");
    private static readonly Op NormOp = Op.Find("aten::_foreach_norm.Scalar");

    public static void Mul(Tensor[] a, double factor) => MulScalarOp.Run(a, factor);

    /// <summary>a += factor · b.</summary>
    public static void Add(Tensor[] a, Tensor[] b, double factor = 1) => AddListOp.Run(a, b, factor);

    /// <summary>Fresh a + factor · b.</summary>
    public static Tensor[] Sum(Tensor[] a, Tensor[] b, double factor) => SumOp.CallMany(a, b, factor)!;

    public static void Add(Tensor[] a, double term) => AddScalarOp.Run(a, term);

    public static void Div(Tensor[] a, double divisor) => DivScalarOp.Run(a, divisor);

    /// <summary>a += factor · b · c.</summary>
    public static void AddProduct(Tensor[] a, Tensor[] b, Tensor[] c, double factor) => AddCMulOp.Run(a, b, c, factor);

    /// <summary>a += factor · b / c.</summary>
    public static void AddQuotient(Tensor[] a, Tensor[] b, Tensor[] c, double factor) => AddCDivOp.Run(a, b, c, factor);

    /// <summary>Fresh square roots.</summary>
    public static Tensor[] Sqrt(Tensor[] a) => SqrtOp.CallMany([a])!;

    /// <summary>The Euclidean norm of each tensor.</summary>
    public static Tensor[] Norm(Tensor[] a) => NormOp.CallMany([a])!;
}

namespace Unpress.Torch;

/// <summary>The operators behind the typed surface, each looked up at its first use.</summary>
internal static class Ops
{
    public static Op Add { get; } = Op.Find("aten::add.Tensor");
    public static Op AddScalar { get; } = Op.Find("aten::add.Scalar");
    public static Op Sub { get; } = Op.Find("aten::sub.Tensor");
    public static Op RSubScalar { get; } = Op.Find("aten::rsub.Scalar");
    public static Op Neg { get; } = Op.Find("aten::neg");
    public static Op Mul { get; } = Op.Find("aten::mul.Tensor");
    public static Op MulScalar { get; } = Op.Find("aten::mul.Scalar");
    public static Op Div { get; } = Op.Find("aten::div.Tensor");
    public static Op DivScalar { get; } = Op.Find("aten::div.Scalar");
    public static Op Abs { get; } = Op.Find("aten::abs");
    public static Op Square { get; } = Op.Find("aten::square");
    public static Op Sqrt { get; } = Op.Find("aten::sqrt");
    public static Op Exp { get; } = Op.Find("aten::exp");
    public static Op Log { get; } = Op.Find("aten::log");
    public static Op Tanh { get; } = Op.Find("aten::tanh");
    public static Op Sigmoid { get; } = Op.Find("aten::sigmoid");
    public static Op Clamp { get; } = Op.Find("aten::clamp");
    public static Op ClampMin { get; } = Op.Find("aten::clamp_min");
    public static Op Mean { get; } = Op.Find("aten::mean");
    public static Op MeanDim { get; } = Op.Find("aten::mean.dim");
    public static Op Sum { get; } = Op.Find("aten::sum");
    public static Op SumDim { get; } = Op.Find("aten::sum.dim_IntList");
    public static Op Max { get; } = Op.Find("aten::max");
    public static Op Min { get; } = Op.Find("aten::min");
    public static Op MatMul { get; } = Op.Find("aten::matmul");
    public static Op Reshape { get; } = Op.Find("aten::reshape");
    public static Op Permute { get; } = Op.Find("aten::permute");
    public static Op Transpose { get; } = Op.Find("aten::transpose.int");
    public static Op Unsqueeze { get; } = Op.Find("aten::unsqueeze");
    public static Op Squeeze { get; } = Op.Find("aten::squeeze.dim");
    public static Op Narrow { get; } = Op.Find("aten::narrow");
    public static Op Flip { get; } = Op.Find("aten::flip");
    public static Op Detach { get; } = Op.Find("aten::detach");
    public static Op Clone { get; } = Op.Find("aten::clone");
    public static Op Contiguous { get; } = Op.Find("aten::contiguous");
    public static Op ToDType { get; } = Op.Find("aten::to.dtype");
    public static Op ToDevice { get; } = Op.Find("aten::to.device");
    public static Op Copy { get; } = Op.Find("aten::copy_");
    public static Op SetData { get; } = Op.Find("aten::set_data");
    public static Op Fill { get; } = Op.Find("aten::fill_.Scalar");
    public static Op IsFinite { get; } = Op.Find("aten::isfinite");
    public static Op All { get; } = Op.Find("aten::all");
    public static Op Zeros { get; } = Op.Find("aten::zeros");
    public static Op Ones { get; } = Op.Find("aten::ones");
    public static Op Empty { get; } = Op.Find("aten::empty.memory_format");
    public static Op ZerosLike { get; } = Op.Find("aten::zeros_like");
    public static Op Randn { get; } = Op.Find("aten::randn.generator");
    public static Op Rand { get; } = Op.Find("aten::rand.generator");
    public static Op BernoulliInPlace { get; } = Op.Find("aten::bernoulli_.float");
    public static Op Cat { get; } = Op.Find("aten::cat");
    public static Op Stack { get; } = Op.Find("aten::stack");
}

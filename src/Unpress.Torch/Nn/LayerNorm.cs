namespace Unpress.Torch.Nn;

/// <summary>Layer normalisation over the last dimension, as in PyTorch.</summary>
public sealed class LayerNorm : Layer
{
    private static readonly Op LayerNormOp = Op.Find("aten::layer_norm");
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly double _epsilon;

    public LayerNorm(long features, double epsilon = 1e-5)
    {
        _epsilon = epsilon;
        _weight = AddParameter("weight", Tensor.Ones([features]));
        _bias = AddParameter("bias", Tensor.Zeros([features]));
    }

    /// <summary>In the weights' type: autocast may bring bf16, which the operator does not take beside fp32.</summary>
    public override Tensor Forward(Tensor input)
        => input.DType == _weight.DType ? Normal(input) : Normal(input.To(_weight.DType));

    private Tensor Normal(Tensor input) => LayerNormOp.Call(input, _weight.Shape, _weight, _bias, _epsilon);
}

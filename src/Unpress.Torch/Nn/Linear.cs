namespace Unpress.Torch.Nn;

/// <summary>y = x Wᵀ + b on the last dimension, weight [out, in], PyTorch's default initialisation.</summary>
public sealed class Linear : Layer
{
    public Linear(long inFeatures, long outFeatures, bool bias = true)
    {
        Weight = AddParameter("weight", Tensor.Empty([outFeatures, inFeatures]));
        Bias = bias ? AddParameter("bias", Tensor.Empty([outFeatures])) : null;
        Init.Usual(Weight, Bias);
    }

    public Tensor Weight { get; }

    public Tensor? Bias { get; }

    public override Tensor Forward(Tensor input) => Functional.Linear(input, Weight, Bias);
}

namespace Unpress.Torch.Nn;

/// <summary>y = x Wᵀ + b on the last dimension, weight [out, in], PyTorch's default initialisation.</summary>
public sealed class Linear : Layer
{
    public Linear(long inFeatures, long outFeatures, bool bias = true)
    {
        Weight = AddParameter("weight", Tensor.Empty([outFeatures, inFeatures]));
        Init.KaimingUniform(Weight, Math.Sqrt(5));
        if (!bias)
            return;
        Bias = AddParameter("bias", Tensor.Empty([outFeatures]));
        double bound = 1 / Math.Sqrt(inFeatures);
        Init.Uniform(Bias, -bound, bound);
    }

    public Tensor Weight { get; }

    public Tensor? Bias { get; }

    public override Tensor Forward(Tensor input) => Functional.Linear(input, Weight, Bias);
}

namespace Unpress.Torch.Nn;

/// <summary>x for x ≥ 0, slope · x below.</summary>
public sealed class LeakyRelu(double slope = 0.01) : Layer
{
    public override Tensor Forward(Tensor input) => Functional.LeakyRelu(input, slope);
}

namespace Unpress.Torch.Nn;

/// <summary>max(0, x).</summary>
public sealed class Relu : Layer
{
    public override Tensor Forward(Tensor input) => Functional.Relu(input);
}

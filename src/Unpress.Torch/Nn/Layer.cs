namespace Unpress.Torch.Nn;

/// <summary>A module that maps one tensor to one tensor.</summary>
public abstract class Layer : Module
{
    public abstract Tensor Forward(Tensor input);
}

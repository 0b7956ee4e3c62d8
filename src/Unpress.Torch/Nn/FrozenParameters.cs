namespace Unpress.Torch.Nn;

/// <summary>
/// While this lives, what a module computes takes its parameters for constants: gradients go through the input alone. Graphs recorded
/// before keep their gradients, so a module and its frozen copy can stand in one objective without a second set of weights. Dispose it
/// before <see cref="Tensor.Backward"/>: a parameter that is frozen at that time receives nothing from any graph.
/// </summary>
public readonly struct FrozenParameters : IDisposable
{
    private readonly Tensor[] _frozen;

    public FrozenParameters(Module module)
    {
        _frozen = [.. module.Parameters().Where(parameter => parameter.RequiresGrad)];
        foreach (var parameter in _frozen)
            parameter.RequiresGrad = false;
    }

    public void Dispose()
    {
        foreach (var parameter in _frozen)
            parameter.RequiresGrad = true;
    }
}

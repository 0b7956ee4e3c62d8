namespace Unpress.Torch.Optim;

/// <summary>Changes parameters along their gradients. Holds its own state; never owns the parameters.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly List<(string Name, Tensor[] Tensors)> _state = [];

    protected Optimizer(IEnumerable<(string Name, Tensor Tensor)> parameters, double learningRate)
    {
        Parameters = [.. parameters];
        LearningRate = learningRate;
    }

    /// <summary>The learning rate of the next step; schedules set it.</summary>
    public double LearningRate { get; set; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    protected IReadOnlyList<(string Name, Tensor Tensor)> Parameters { get; }

    /// <summary>What must be saved to go on: one tensor per parameter and kind, named kind.parameter.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> StateDict()
    {
        foreach (var (kind, tensors) in _state)
            for (int k = 0; k < tensors.Length; k++)
                yield return ($"{kind}.{Parameters[k].Name}", tensors[k]);
    }

    /// <summary>Sets the step count of a resumed training; the tensors of <see cref="StateDict"/> are overwritten in place.</summary>
    public void Resume(long steps) => Steps = steps;

    /// <summary>Forgets all gradients.</summary>
    public void ZeroGrad()
    {
        foreach (var (_, tensor) in Parameters)
            tensor.Grad = null;
    }

    /// <summary>One step along the gradients that backward left.</summary>
    /// <exception cref="InvalidOperationException">A parameter has no gradient: it takes no part in the loss.</exception>
    public void Step()
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        Steps++;
        var parameters = new Tensor[Parameters.Count];
        var gradients = new Tensor[Parameters.Count];
        for (int k = 0; k < parameters.Length; k++)
        {
            parameters[k] = Parameters[k].Tensor;
            gradients[k] = parameters[k].Grad ?? throw new InvalidOperationException($"parameter {Parameters[k].Name} has no gradient");
        }

        Update(parameters, gradients);
    }

    public void Dispose()
    {
        foreach (var (_, tensors) in _state)
            foreach (var tensor in tensors)
                tensor.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract void Update(Tensor[] parameters, Tensor[] gradients);

    /// <summary>Zeros shaped like the parameters, saved under <paramref name="kind"/>.</summary>
    protected Tensor[] AddState(string kind)
    {
        using var noGrad = Autograd.NoGrad();
        var tensors = new Tensor[Parameters.Count];
        for (int k = 0; k < tensors.Length; k++)
            tensors[k] = Tensor.ZerosLike(Parameters[k].Tensor).Unscoped();
        _state.Add((kind, tensors));
        return tensors;
    }
}

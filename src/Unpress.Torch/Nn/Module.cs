namespace Unpress.Torch.Nn;

/// <summary>
/// A tree of layers with named parameters and buffers. Names are given explicitly and are the checkpoint's keys, as in PyTorch:
/// <c>_head = Add("m_head", new Conv2d(…))</c>. A module owns its parameters and its children; disposing the root disposes the tree.
/// A child may be added in several places: its tensors are trained once, and saved under each of their names, as in PyTorch.
/// </summary>
public abstract class Module : IDisposable
{
    private readonly List<(string Name, Module Module)> _children = [];
    private readonly List<(string Name, Tensor Tensor)> _parameters = [];
    private readonly List<(string Name, Tensor Tensor)> _buffers = [];

    /// <summary>True while training: batch norm uses the batch's statistics.</summary>
    public bool Training { get; private set; } = true;

    /// <summary>Direct children in the order they were added.</summary>
    public IEnumerable<(string Name, Module Module)> Children => _children;

    /// <summary>All parameters of the tree with dotted names, in order; shared ones once, under their first name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedParameters() => Walk(m => m._parameters).DistinctBy(p => p.Tensor);

    /// <summary>All buffers of the tree (numbers that are saved but not trained).</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedBuffers() => Walk(m => m._buffers);

    /// <summary>Parameters and buffers under all their names: what a checkpoint holds.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> StateDict() => Walk(m => m._parameters).Concat(NamedBuffers());

    public Tensor[] Parameters() => NamedParameters().Select(p => p.Tensor).ToArray();

    public long ParameterCount() => NamedParameters().Sum(p => p.Tensor.Count);

    public Module Train(bool training = true)
    {
        Training = training;
        foreach (var (_, child) in _children)
            child.Train(training);
        return this;
    }

    public Module Eval() => Train(false);

    /// <summary>Moves and converts parameters and floating-point buffers in place; every handle stays valid.</summary>
    public void To(Device device, DType? type = null, MemoryFormat format = MemoryFormat.Preserve)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, tensor) in StateDict())
        {
            using var scope = TensorScope.Enter();
            var moved = tensor.Detach().To(device);
            if (type is { } wanted && tensor.DType is DType.Float16 or DType.Float32 or DType.Float64 or DType.BFloat16)
                moved = moved.To(type.Value);
            if (format == MemoryFormat.ChannelsLast && tensor.Rank == 4)
                moved = moved.Contiguous(format);
            tensor.SetData(moved);
        }
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in _parameters)
            tensor.Dispose();
        foreach (var (_, tensor) in _buffers)
            tensor.Dispose();
        foreach (var (_, child) in _children)
            child.Dispose();
        GC.SuppressFinalize(this);
    }

    protected T Add<T>(string name, T module) where T : Module
    {
        _children.Add((name, module));
        return module;
    }

    /// <summary>Registers a trained tensor; the module owns it from here on.</summary>
    protected Tensor AddParameter(string name, Tensor tensor)
    {
        tensor.Unscoped().RequiresGrad = true;
        _parameters.Add((name, tensor));
        return tensor;
    }

    /// <summary>Registers a saved but untrained tensor; the module owns it from here on.</summary>
    protected Tensor AddBuffer(string name, Tensor tensor)
    {
        _buffers.Add((name, tensor.Unscoped()));
        return tensor;
    }

    private IEnumerable<(string Name, Tensor Tensor)> Walk(Func<Module, List<(string Name, Tensor Tensor)>> own)
    {
        foreach (var entry in own(this))
            yield return entry;
        foreach (var (name, child) in _children)
            foreach (var (inner, tensor) in child.Walk(own))
                yield return ($"{name}.{inner}", tensor);
    }
}

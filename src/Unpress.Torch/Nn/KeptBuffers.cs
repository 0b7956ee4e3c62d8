namespace Unpress.Torch.Nn;

/// <summary>
/// While this lives, a module in training works on copies of its buffers, which are then thrown away: for passes whose inputs are not what
/// the network will meet, so that batch norm's running statistics do not follow them.
/// </summary>
public readonly struct KeptBuffers : IDisposable
{
    private readonly (Tensor Buffer, Tensor Kept)[] _buffers;

    public KeptBuffers(Module module)
    {
        _buffers = module.Training ? [.. module.NamedBuffers().Select(entry => (entry.Tensor, entry.Tensor.Detach()))] : [];
        foreach (var (buffer, kept) in _buffers)
            buffer.SetData(kept.Clone());
    }

    /// <summary>Puts the storage back rather than its numbers: graphs that saved the buffer would take a write for damage.</summary>
    public void Dispose()
    {
        foreach (var (buffer, kept) in _buffers)
            buffer.SetData(kept);
    }
}

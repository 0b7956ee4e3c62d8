namespace Unpress.Torch.Optim;

/// <summary>
/// Exponential moving average of a module's parameters: what validation and release use. Early on the decay is (1 + n)/(10 + n), if
/// smaller, so that the average does not remember the random start.
/// </summary>
public sealed class Ema : IDisposable
{
    private readonly (string Name, Tensor Tensor)[] _source;
    private readonly Tensor[] _average;
    private readonly double _decay;

    public Ema(IEnumerable<(string Name, Tensor Tensor)> parameters, double decay)
    {
        _decay = decay;
        _source = [.. parameters];
        using var noGrad = Autograd.NoGrad();
        _average = Array.ConvertAll(_source, p => p.Tensor.Detach().Unscoped());
        for (int k = 0; k < _average.Length; k++)
        {
            using var shared = _average[k];
            _average[k] = shared.Clone().Unscoped();
        }
    }

    /// <summary>Updates made so far.</summary>
    public long Updates { get; private set; }

    /// <summary>The averages under the parameters' names.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> StateDict() => _source.Zip(_average, (s, a) => (s.Name, a));

    public void Resume(long updates) => Updates = updates;

    public void Update()
    {
        using var noGrad = Autograd.NoGrad();
        double decay = Math.Min(_decay, (1.0 + Updates) / (10.0 + Updates));
        Updates++;
        Foreach.Mul(_average, decay);
        Foreach.Add(_average, Array.ConvertAll(_source, s => s.Tensor), 1 - decay);
    }

    /// <summary>Exchanges the averages with the module's parameters; call twice to have them back.</summary>
    public void Swap()
    {
        using var noGrad = Autograd.NoGrad();
        for (int k = 0; k < _average.Length; k++)
        {
            using var saved = _source[k].Tensor.Clone().Unscoped();
            _source[k].Tensor.Copy(_average[k]);
            _average[k].Copy(saved);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _average)
            tensor.Dispose();
    }
}

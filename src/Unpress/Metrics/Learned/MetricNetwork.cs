using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>The network behind a learned metric: loaded at the first use, run by one thread at a time since it uses all processors itself.</summary>
internal sealed class MetricNetwork<T>(Func<T> load) where T : Module
{
    private readonly Lock _oneAtATime = new();
    private T? _network;

    public void Prepare()
    {
        lock (_oneAtATime)
            Loaded();
    }

    /// <summary>The only number of the result.</summary>
    public double Run(Func<T, Tensor> measure)
    {
        lock (_oneAtATime)
        {
            using var scope = TensorScope.Enter();
            using var noGrad = Autograd.NoGrad();
            return measure(Loaded()).Item();
        }
    }

    private T Loaded()
    {
        if (_network is null)
        {
            _network = load();
            _network.Eval();
            foreach (var parameter in _network.Parameters())
                parameter.RequiresGrad = false;
        }

        return _network;
    }
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// The network behind a learned metric: loaded at the first use. It uses all processors itself, so of all of them one runs at a time.
/// </summary>
internal sealed class MetricNetwork<T>(Func<T> load) where T : Module
{
    private T? _network;

    public void Prepare()
    {
        lock (MetricNetworks.OneAtATime)
            Loaded();
    }

    /// <summary>The only number of the result.</summary>
    public double Run(Func<T, Tensor> measure)
    {
        lock (MetricNetworks.OneAtATime)
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

/// <summary>What all networks behind metrics share, whatever their type.</summary>
internal static class MetricNetworks
{
    /// <summary>Held by the one that runs.</summary>
    public static readonly Lock OneAtATime = new();
}

using Unpress.Imaging;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>A metric without reference whose number a network gives.</summary>
public abstract class BlindNetworkMetric<T> : INoReferenceMetric where T : Module
{
    private readonly MetricNetwork<T> _network;

    /// <param name="load">The network with its weights, at the first use.</param>
    private protected BlindNetworkMetric(string name, string summary, MetricContract contract, Func<T> load)
        => (Name, Summary, Contract, _network) = (name, summary, contract, new(load));

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    public void Prepare() => _network.Prepare();

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        return _network.Run(network => Score(network, MetricTensor.Rgb(image)));
    }

    /// <param name="picture">[1, 3, H, W], RGB, 0..1.</param>
    /// <returns>A tensor of one number.</returns>
    private protected abstract Tensor Score(T network, Tensor picture);
}

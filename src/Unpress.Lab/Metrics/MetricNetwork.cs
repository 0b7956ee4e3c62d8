using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Networks.Importing;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

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

/// <summary>A metric of a picture and its reference whose number a network gives.</summary>
public abstract class PairNetworkMetric<T> : IMetric where T : Module
{
    private readonly MetricNetwork<T> _network;

    /// <param name="load">The network with its weights, at the first use.</param>
    private protected PairNetworkMetric(string name, string summary, MetricContract contract, Func<T> load)
        => (Name, Summary, Contract, _network) = (name, summary, contract, new(load));

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    public void Prepare() => _network.Prepare();

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return _network.Run(network => Score(network, MetricTensor.Rgb(image), MetricTensor.Rgb(reference)));
    }

    /// <param name="picture">[1, 3, H, W], RGB, 0..1.</param>
    /// <param name="reference">The same of its original.</param>
    /// <returns>A tensor of one number.</returns>
    private protected abstract Tensor Score(T network, Tensor picture, Tensor reference);
}

/// <summary>Published weights into a metric's network.</summary>
internal static class PublishedWeights
{
    /// <summary>Fills the whole network, strictly: every tensor on both sides must match.</summary>
    /// <exception cref="MissingToolException">The file is not here.</exception>
    /// <exception cref="WeightsFormatException">The file does not fit.</exception>
    /// <param name="make">The network; not made where the file is missing.</param>
    public static T Fill<T>(Func<T> make, string weights) where T : Module => Match(make, weights, name => name);

    /// <summary>Fills the whole network from a file that may hold other tensors as well.</summary>
    /// <inheritdoc cref="Fill{T}(Func{T}, string)"/>
    public static T FillFrom<T>(Func<T> make, string weights) where T : Module => Match(make, weights, _ => null);

    /// <summary>Fills the tensors that the file is to have, and leaves the others as they are.</summary>
    /// <inheritdoc cref="Fill{T}(Func{T}, string)" path="/exception"/>
    public static void Fill(Module network, string weights, Func<string, bool> belongs)
    {
        string path = OfficialFiles.Require(weights);
        using var file = WeightFile.Open(path);
        network.StateDict().Where(entry => belongs(entry.Name)).Load(file.Tensors, path);
    }

    /// <param name="ourName">Of a tensor that the network does not have under its name; null for one to be passed over.</param>
    private static T Match<T>(Func<T> make, string weights, Func<string, string?> ourName) where T : Module
    {
        string path = OfficialFiles.Require(weights);
        using var file = WeightFile.Open(path);
        var network = make();
        var match = WeightMatcher.Match(file.Tensors, network.StateDict(), ourName);
        network.StateDict().Load(match.Unexpected.Count == 0 ? match.Tensors : file.Tensors, path);
        return network;
    }
}

using Unpress.Downloads;
using Unpress.Networks.Importing;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>Published weights into a metric's network.</summary>
internal static class PublishedWeights
{
    /// <summary>Fills the whole network, strictly: every tensor on both sides must match.</summary>
    /// <exception cref="MissingToolException">The file is not here.</exception>
    /// <exception cref="WeightsFormatException">The file does not fit.</exception>
    public static T Fill<T>(T network, string weights) where T : Module => Match(network, weights, name => name);

    /// <summary>Fills the whole network from a file that may hold other tensors as well.</summary>
    /// <inheritdoc cref="Fill{T}(T, string)" path="/exception"/>
    public static T FillFrom<T>(T network, string weights) where T : Module => Match(network, weights, _ => null);

    /// <summary>Fills the tensors that the file is to have, and leaves the others as they are.</summary>
    /// <inheritdoc cref="Fill{T}(T, string)"/>
    public static void Fill(Module network, string weights, Func<string, bool> belongs)
    {
        string path = OfficialFiles.Require(weights);
        using var file = WeightFile.Open(path);
        network.StateDict().Where(entry => belongs(entry.Name)).Load(file.Tensors, path);
    }

    /// <param name="ourName">Of a tensor that the network does not have under its name; null for one to be passed over.</param>
    private static T Match<T>(T network, string weights, Func<string, string?> ourName) where T : Module
    {
        string path = OfficialFiles.Require(weights);
        using var file = WeightFile.Open(path);
        var match = WeightMatcher.Match(file.Tensors, network.StateDict(), ourName);
        network.StateDict().Load(match.Unexpected.Count == 0 ? match.Tensors : file.Tensors, path);
        return network;
    }
}

using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Bench;

/// <summary>The default network with random weights from a fixed seed, as a safetensors file that every engine reads.</summary>
internal static class SeededWeights
{
    public static void Save(string path)
    {
        TorchRuntime.Seed(1);
        using var network = new UnpressNet(new UnpressNetOptions());
        // An untrained network ends in zeros: all engines would agree whatever they computed.
        foreach (var (name, tensor) in network.NamedParameters())
            if (name.StartsWith("tail.", StringComparison.Ordinal))
                Init.Normal(tensor, 0, 0.05);
        ModelFile.Save(path, UnpressNet.Entry, null, network.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)));
    }
}

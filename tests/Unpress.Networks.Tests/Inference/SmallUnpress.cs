using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Inference;

/// <summary>Networks as models.</summary>
internal static class SmallUnpress
{
    /// <summary>Our plain U-Net, narrow, with weights that change a picture visibly. ReceptiveField 52.</summary>
    public static UnpressNet Network(int channels = 3)
    {
        TorchRuntime.Seed(7);
        var network = new UnpressNet(new UnpressNetOptions { Channels = channels, Width = 8, Blocks = [1, 1, 1] });
        foreach (var (name, tensor) in network.NamedParameters())
            if (name.StartsWith("tail", StringComparison.Ordinal))
                Init.Normal(tensor, 0, 0.03);
        return network;
    }

    public static ModelEnhancer Enhancer(Network network, ModelEnhancerOptions? options = null, InferencePrecision precision = InferencePrecision.Fp32)
        => new("network", new NetworkModel("network", network, new NetworkModelOptions { Precision = precision }), options);
}

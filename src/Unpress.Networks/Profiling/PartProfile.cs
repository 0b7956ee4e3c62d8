using System.Text.Json.Nodes;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Torch;

namespace Unpress.Networks.Profiling;

/// <summary>What the networks that only help in training and measuring cost.</summary>
public static class PartProfile
{
    /// <summary>Pixels a side of the patches that discriminators are made for.</summary>
    public const int DiscriminatorSide = 128;

    /// <summary>Pixels a side of the pictures that backbones were trained with.</summary>
    public const int BackboneSide = 224;

    /// <summary>Of one patch of 128×128.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public static LayerProfile Of(DiscriminatorEntry entry, JsonObject? options = null)
    {
        using var shapes = ShapesOnly.Enter();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var network = entry.Create(options);
        network.Eval();
        Tensor Patch() => Tensor.Zeros([1, network.Channels, DiscriminatorSide, DiscriminatorSide]);
        return Profiler.Measure(entry.Name, network, () => network.Forward(Patch(), network.Conditional ? Patch() : null));
    }

    /// <summary>Of one picture of 224×224, to the last layer.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public static LayerProfile Of(BackboneEntry entry, JsonObject? options = null)
    {
        using var shapes = ShapesOnly.Enter();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var network = entry.Create(options);
        network.Freeze();
        return Profiler.Measure(entry.Name, network, () => network.Features(Tensor.Zeros([1, 3, BackboneSide, BackboneSide]), network.Layers.Last()));
    }
}

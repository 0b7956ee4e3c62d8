using System.Text.Json.Nodes;
using Unpress.Torch;

namespace Unpress.Networks.Profiling;

/// <summary>What a network of the catalogue costs for one picture, found without numbers or memory.</summary>
/// <param name="Facts">What the network says of itself.</param>
/// <param name="Layers">The tree of its modules; its root holds the sums.</param>
/// <param name="Global">A part of it looks at the whole picture.</param>
/// <param name="Height">Of the picture, in pixels.</param>
/// <param name="Width">Of the picture, in pixels.</param>
public sealed record NetworkProfile(NetworkFacts Facts, LayerProfile Layers, bool Global, int Height, int Width)
{
    /// <summary>The size that papers give operations for.</summary>
    public const int UsualSide = 512;

    /// <summary>Pixels a side that one output pixel sees, <see cref="Global"/> parts aside.</summary>
    public int ReceptiveField => (2 * Facts.Reach) + 1;

    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public static NetworkProfile Of(NetworkEntry entry, JsonObject? options = null, int height = UsualSide, int width = UsualSide)
    {
        using var shapes = ShapesOnly.Enter();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var network = entry.Create(options);
        network.Eval();
        var conditions = Conditions.Blank(network.Facts, height, width);
        Tensor Picture() => Tensor.Zeros([1, network.Facts.Channels, height, width]);
        var layers = Profiler.Measure(entry.Name, network, () => network.Forward(Picture(), conditions));
        return new NetworkProfile(network.Facts, layers, IsGlobal(network, Picture(), conditions), height, width);
    }

    /// <summary>A survey that decides something needs numbers, which there are none of here; it is one all the same.</summary>
    private static bool IsGlobal(Network network, Tensor picture, Conditions conditions)
    {
        try
        {
            return network.Survey(picture, conditions) != conditions;
        }
        catch (TorchException)
        {
            return true;
        }
    }
}

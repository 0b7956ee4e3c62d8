using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// Learned perceptual image patch similarity, version 0.1: Zhang, Isola, Efros, Shechtman, Wang, CVPR 2018, eq. 1. Activations of a backbone,
/// each position's vector brought to length one, squared differences weighted by a head for each layer, the mean over positions, summed up.
/// </summary>
public sealed class LpipsNetwork : Module
{
    private const double Epsilon = 1e-10;

    private readonly Backbone _net;
    private readonly IReadOnlyList<string> _layers;
    private readonly Tensor[] _heads;

    /// <param name="net">A backbone; this module owns it.</param>
    /// <param name="layers">Names of the layers looked at, with their channels.</param>
    public LpipsNetwork(Backbone net, IReadOnlyList<(string Name, int Channels)> layers)
    {
        _net = Add("net", net);
        _layers = [.. layers.Select(layer => layer.Name)];
        _heads = [.. layers.Select((layer, k) => AddParameter($"{HeadPrefix}{k}.model.1.weight", Tensor.Ones([1, layer.Channels, 1, 1])))];
    }

    /// <summary>What the names of the heads begin with.</summary>
    internal static string HeadPrefix => "lin";

    /// <summary>Distances of two batches [N, 3, H, W], RGB, 0..1: [N].</summary>
    public Tensor Forward(Tensor a, Tensor b)
    {
        using var scope = TensorScope.Enter();
        var (first, second) = (_net.Features(a, _layers), _net.Features(b, _layers));
        var distance = Tensor.Zeros([a.Size(0)], a.DType);
        foreach (var (layer, head) in _layers.Zip(_heads))
        {
            var difference = (Unit(first[layer]) - Unit(second[layer])).Square();
            distance += Functional.Conv2d(difference, head, null).Mean([1, 2, 3]);
        }

        return scope.Keep(distance);
    }

    private static Tensor Unit(Tensor features) => features / (features.Square().Sum([1], keep: true).Sqrt() + Epsilon);
}

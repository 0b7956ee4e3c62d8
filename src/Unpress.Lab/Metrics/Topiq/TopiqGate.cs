using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// Which places of a level matter: a map 0..1 from three convolutions, times the features. With a reference the map comes from the difference of
/// the two pictures' features, without one from half of a projection of the picture's own.
/// </summary>
internal sealed class TopiqGate : Module
{
    private const int Width = 64;
    private const double Epsilon = 1e-12;

    private readonly Conv2d? _split;
    private readonly Sequential _map;

    public TopiqGate(long channels, bool reference)
    {
        Layer[] layers = [new Conv2d(channels, Width, 1), new Gelu(), Conv2d.Same(Width, Width, 3), new Gelu(), Conv2d.Same(Width, 1, 3)];
        _map = new Sequential(layers);
        if (reference)
        {
            // The published files have the three convolutions under the gate's own name.
            for (int k = 0; k < layers.Length; k += 2)
                Add($"{k}", layers[k]);
            return;
        }

        _split = Add("splitconv", new Conv2d(channels, 2 * channels, 1));
        Add("weight_blk", _map);
    }

    /// <summary>[N, C, H, W] twice to [N, 3C, H, W].</summary>
    public Tensor Forward(Tensor image, Tensor reference)
    {
        using var scope = TensorScope.Enter();
        var difference = ((image - reference).Square() + Epsilon).Sqrt();
        return scope.Keep(Tensor.Cat([image, reference, difference], 1) * _map.Forward(difference).Sigmoid());
    }

    /// <summary>[N, C, H, W] to the same shape.</summary>
    public Tensor Forward(Tensor image)
    {
        using var scope = TensorScope.Enter();
        var both = _split!.Forward(image);
        long channels = image.Size(1);
        return scope.Keep(Functional.Gelu(both.Narrow(1, 0, channels)) * _map.Forward(both.Narrow(1, channels, channels)).Sigmoid());
    }
}

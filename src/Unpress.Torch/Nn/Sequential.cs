namespace Unpress.Torch.Nn;

/// <summary>Layers one after the other, named 0, 1, 2, … as in PyTorch.</summary>
public sealed class Sequential : Layer
{
    private readonly Layer[] _layers;

    public Sequential(params Layer[] layers)
    {
        _layers = layers;
        for (int k = 0; k < layers.Length; k++)
            Add(k.ToString(System.Globalization.CultureInfo.InvariantCulture), layers[k]);
    }

    public IReadOnlyList<Layer> Layers => _layers;

    public override Tensor Forward(Tensor input)
    {
        // What lies between two layers is let go at once: a scope would hold all of it until its end.
        var x = input.Alias();
        foreach (var layer in _layers)
        {
            using var previous = x;
            x = layer.Forward(previous);
        }

        return x;
    }
}

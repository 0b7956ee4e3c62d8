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
        var x = input;
        foreach (var layer in _layers)
            x = layer.Forward(x);
        return _layers.Length == 0 ? input.Alias() : x;
    }
}

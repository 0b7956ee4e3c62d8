using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// A backbone that is one chain of layers, torchvision's <c>features</c>: each layer goes by the field's name (conv1_1, relu1_1, pool1, …)
/// and by torchvision's (features.0, features.1, …).
/// </summary>
public abstract class SequentialBackbone : Backbone
{
    private readonly (string Name, Layer Layer)[] _layers;

    protected SequentialBackbone(IEnumerable<(string Name, Layer Layer)> layers)
    {
        _layers = [.. layers];
        Add("features", new Sequential([.. _layers.Select(entry => entry.Layer)]));
    }

    protected sealed override Tensor Prepare(Tensor picture) => ImageNetRange.Apply(picture);

    protected sealed override IEnumerable<BackboneStep> Chain()
        => _layers.Select((entry, k) => new BackboneStep(entry.Layer.Forward, entry.Name, $"features.{k}"));
}

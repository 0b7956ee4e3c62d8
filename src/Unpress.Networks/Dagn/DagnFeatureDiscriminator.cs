using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// J of DAGN's equations 3 to 6: how likely features come from an original picture. A perceptron 2048-2048-1 with a sigmoid. Our reading: it
/// sees the mean of the features over the picture, and ReLU stands between the layers.
/// </summary>
public sealed class DagnFeatureDiscriminator : Layer
{
    private readonly Sequential _layers;

    /// <param name="features">Channels of the features.</param>
    public DagnFeatureDiscriminator(long features = 2048)
        => _layers = Add("layers", new Sequential(new Linear(features, features), new Relu(), new Linear(features, 1)));

    /// <summary>[N, C, h, w] to [N, 1]: the logit, whose sigmoid is the probability.</summary>
    public Tensor Logit(Tensor features)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_layers.Forward(features.Mean([2, 3])));
    }

    /// <summary>[N, C, h, w] to [N, 1], a probability.</summary>
    public override Tensor Forward(Tensor input)
    {
        using var logit = Logit(input);
        return logit.Sigmoid();
    }
}

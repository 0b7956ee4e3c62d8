using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// P_qf of DAGN's equations 7 to 9: which quality factor stands behind features, as a distribution over 100 classes. A perceptron
/// 2048-2048-100. Our reading: it sees the mean of the features over the picture, ReLU stands between the layers, and an original picture
/// is of the class of quality factor 100.
/// </summary>
public sealed class DagnQualityPredictor : Layer
{
    /// <summary>Quality factors 1 to 100; class k is k + 1.</summary>
    public const int Classes = 100;

    private readonly Sequential _layers;

    /// <param name="features">Channels of the features.</param>
    public DagnQualityPredictor(long features = 2048)
        => _layers = Add("layers", new Sequential(new Linear(features, features), new Relu(), new Linear(features, Classes)));

    /// <summary>[N, C, h, w] to [N, 100], probabilities.</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Functional.Softmax(_layers.Forward(input.Mean([2, 3])), 1));
    }
}

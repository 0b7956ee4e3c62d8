using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>A score of every place and how much it counts, out of the features of both pictures and their difference.</summary>
internal sealed class AhiqRegressor : Module
{
    private readonly Conv2d _down, _smooth1, _smooth2, _conv, _score, _attention;

    public AhiqRegressor(long channels, long compared)
    {
        _down = Add("down_channel", new Conv2d(channels, compared, 1));
        _smooth1 = Add("feat_smoothing.0", Conv2d.Same(3 * compared, 4 * compared, 3));
        _smooth2 = Add("feat_smoothing.2", Conv2d.Same(4 * compared, 2 * compared, 3));
        _conv = Add("conv1.0", Conv2d.Same(2 * compared, compared, 3));
        _attention = Add("conv_attent.0", new Conv2d(compared, 1, 1));
        _score = Add("conv.0", new Conv2d(compared, 1, 1));
    }

    /// <summary>[N, C, H, W] of a picture and of its reference to [N].</summary>
    public Tensor Forward(Tensor picture, Tensor reference)
    {
        using var scope = TensorScope.Enter();
        Tensor a = _down.Forward(picture), b = _down.Forward(reference);
        var x = _smooth2.Forward(Functional.Relu(_smooth1.Forward(Tensor.Cat([a - b, a, b], 1))));
        x = Functional.Relu(_conv.Forward(x));
        var weight = _attention.Forward(x).Sigmoid();
        return scope.Keep((_score.Forward(x) * weight).Sum([1, 2, 3]) / weight.Sum([1, 2, 3]));
    }
}

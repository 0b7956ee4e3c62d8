using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// The residual block that FBCNN and DAGN are made of: x + r(x), or under <see cref="Guidance"/> x + scale · r(x) + shift (FBCNN's "QF
/// attention"), where r is convolution, batch norm (DAGN only), ReLU, convolution. Names as in the official checkpoints: res.0, res.2, or
/// with batch norm res.0, res.1, res.3.
/// </summary>
public sealed class GuidedBlock : Layer
{
    private readonly Sequential _residual;

    /// <param name="batchNorm">Momentum of a batch norm (ε 1e-4, DAGN's); null: none.</param>
    public GuidedBlock(long channels, double? batchNorm = null)
    {
        Layer first = Conv2d.Same(channels, channels, 3), last = Conv2d.Same(channels, channels, 3);
        _residual = Add("res", batchNorm is { } momentum
            ? new Sequential(first, new BatchNorm2d(channels, momentum, epsilon: 1e-4), new Relu(), last)
            : new Sequential(first, new Relu(), last));
    }

    public override Tensor Forward(Tensor input)
    {
        using var correction = _residual.Forward(input);
        return input + correction;
    }

    /// <inheritdoc cref="GuidedBlock"/>
    public Tensor Forward(Tensor input, Guidance guidance)
    {
        using var scope = TensorScope.Enter();
        var scale = guidance.Scale.Unsqueeze(-1).Unsqueeze(-1);
        var shift = guidance.Shift.Unsqueeze(-1).Unsqueeze(-1);
        return scope.Keep(input + (scale * _residual.Forward(input)) + shift);
    }
}

/// <summary>What steers a <see cref="GuidedBlock"/>: its correction is multiplied by the scale, then the shift is added.</summary>
/// <param name="Scale">[N, C].</param>
/// <param name="Shift">[N, C].</param>
public readonly record struct Guidance(Tensor Scale, Tensor Shift);

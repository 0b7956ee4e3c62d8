using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// Makes one network serve many qualities: a quality factor becomes a scale and a shift for each channel. Ours, after FBCNN's QF attention
/// (Jiang, Zhang, Timofte, ICCV 2021): three layers of embedding, then sigmoid for the scale and tanh for the shift.
/// </summary>
internal sealed class QualityGuide : Module
{
    private readonly Linear _estimate1, _estimate2;
    private readonly Sequential _embed;
    private readonly Linear _scale, _shift;

    public QualityGuide(long width)
    {
        _estimate1 = Add("estimate.0", new Linear(width, width));
        _estimate2 = Add("estimate.2", new Linear(width, 1));
        _embed = Add("embed", new Sequential(new Linear(1, width), new Relu(), new Linear(width, width), new Relu()));
        _scale = Add("scale", new Linear(width, width));
        _shift = Add("shift", new Linear(width, width));
    }

    /// <summary>Features [N, C, H, W] to quality / 100, [N, 1].</summary>
    public Tensor Estimate(Tensor features)
        => _estimate2.Forward(Functional.Relu(_estimate1.Forward(features.Mean([2, 3])))).Sigmoid();

    /// <summary>Quality / 100, [N, 1], to scale and shift, both [N, C, 1, 1].</summary>
    public (Tensor Scale, Tensor Shift) Guide(Tensor quality)
    {
        var embedded = _embed.Forward(quality);
        return (PerChannel(_scale.Forward(embedded).Sigmoid()), PerChannel(_shift.Forward(embedded).Tanh()));
    }

    private static Tensor PerChannel(Tensor values) => values.Unsqueeze(-1).Unsqueeze(-1);
}

using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// Makes the scales and shifts of the three guided decoder scales out of one encoder's features: two shared layers, then one for each scale and
/// shift. The layers belong to the network, which gives them the official names.
/// </summary>
/// <param name="scales">One for each decoder scale, the deepest first; likewise the shifts.</param>
internal sealed class DagnGuider(Sequential embedding, Sequential[] scales, Sequential[] shifts)
{
    /// <param name="mean">The mean of the features over the picture, [N, 2048].</param>
    public Guidance[] Guide(Tensor mean)
    {
        var embedded = embedding.Forward(mean);
        return [.. scales.Zip(shifts, (scale, shift) => new Guidance(scale.Forward(embedded).Sigmoid(), shift.Forward(embedded).Tanh()))];
    }
}

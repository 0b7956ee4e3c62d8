using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Adds the mean colour of DIV2K or takes it away: a 1×1 convolution that the authors' files hold, though nobody trains it.</summary>
internal sealed class IptMeanShift : Layer
{
    private readonly Tensor _weight, _bias;

    /// <param name="white">White inside the network; negative to take the mean away.</param>
    public IptMeanShift(double white)
    {
        float[] mean = [.. new[] { 0.4488, 0.4371, 0.4040 }.Select(part => (float)(white * part))];
        _weight = AddBuffer("weight", Tensor.From<float>([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3, 1, 1));
        _bias = AddBuffer("bias", Tensor.From(mean, 3));
    }

    public override Tensor Forward(Tensor input) => Functional.Conv2d(input, _weight, _bias);
}

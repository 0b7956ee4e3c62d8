using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Bilinear resizing by a factor of 2 or ½.</summary>
internal sealed class Rescale(double factor) : Layer
{
    public override Tensor Forward(Tensor input)
        => Functional.Interpolate(input, (long)(input.Size(2) * factor), (long)(input.Size(3) * factor), Interpolation.Bilinear);
}

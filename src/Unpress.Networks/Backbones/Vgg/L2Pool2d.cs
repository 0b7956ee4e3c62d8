using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// Pooling without aliasing: the square root of the squares' mean under a 3×3 window [1 2 1; 2 4 2; 1 2 1]/16, every second pixel, zeros beyond
/// the border. Hénaff and Simoncelli, ICLR 2016, as DISTS has it.
/// </summary>
internal sealed class L2Pool2d : Layer
{
    private const double Epsilon = 1e-12;

    private static readonly double[] Window = [1 / 16.0, 2 / 16.0, 1 / 16.0, 2 / 16.0, 4 / 16.0, 2 / 16.0, 1 / 16.0, 2 / 16.0, 1 / 16.0];

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        long channels = input.Size(1);
        var one = Tensor.From(Window, 1, 1, 3, 3).To(input.DType).To(input.Device);
        var kernel = Tensor.Cat([.. Enumerable.Repeat(one, (int)channels)], 0);
        return scope.Keep((Functional.Conv2d(input.Square(), kernel, null, stride: 2, padding: 1, groups: channels) + Epsilon).Sqrt());
    }
}

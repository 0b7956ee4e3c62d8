using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// A 3×3 convolution whose nine taps are moved, at every place by offsets of its own: Dai et al., "Deformable Convolutional Networks", ICCV 2017,
/// eq. 2, as in torchvision. Between pixels bilinear, zeros beyond the border.
/// </summary>
internal sealed class DeformableConv2d : Module
{
    private const int Side = 3;

    private static readonly Op SampleOp = Op.Find("aten::grid_sampler");

    private readonly Tensor _weight, _bias;

    public DeformableConv2d(long inChannels, long outChannels)
    {
        _weight = AddParameter("weight", Tensor.Zeros([outChannels, inChannels, Side, Side]));
        _bias = AddParameter("bias", Tensor.Zeros([outChannels]));
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <param name="offsets">[N, 18, H, W]: down and right for each tap, row by row, in pixels.</param>
    public Tensor Forward(Tensor input, Tensor offsets)
    {
        using var scope = TensorScope.Enter();
        long height = input.Size(2), width = input.Size(3);
        var rows = Ramp(height, input).Reshape(1, height, 1);
        var columns = Ramp(width, input).Reshape(1, 1, width);
        Tensor? sum = null;
        for (int k = 0; k < Side * Side; k++)
        {
            using var tap = TensorScope.Enter();
            var down = Offset(2 * k) + rows + ((k / Side) - 1);
            var right = Offset((2 * k) + 1) + columns + ((k % Side) - 1);
            // −1 and 1 are the middles of the outermost pixels.
            var grid = Tensor.Stack([(right * (2.0 / (width - 1))) - 1, (down * (2.0 / (height - 1))) - 1], 3);
            const int bilinear = 0, zeros = 0;
            var moved = SampleOp.Call(input, grid, bilinear, zeros, true);
            var part = Functional.Conv2d(moved, _weight.Narrow(2, k / Side, 1).Narrow(3, k % Side, 1), k == 0 ? _bias : null);
            sum = tap.Keep(sum is null ? part : sum + part);
        }

        return scope.Keep(sum!);

        Tensor Offset(int channel) => offsets.Narrow(1, channel, 1).Squeeze(1);
    }

    private static Tensor Ramp(long length, Tensor like)
        => Tensor.From([.. Enumerable.Range(0, (int)length).Select(i => (double)i)], length).To(like.DType);
}

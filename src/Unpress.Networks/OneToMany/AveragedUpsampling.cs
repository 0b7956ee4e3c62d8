using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// Transposed convolution of stride s with "shift-and-average" (Guo and Chao, CVPR 2017, section 3.2.2): the mean of the result and of its
/// s²−1 copies moved by 0..s−1 pixels right and down. Every output pixel then sums the whole filter once, so a constant input gives a
/// constant output, whatever the filter. Our reading of the border: the input goes on beyond it with its border value, for the transposed
/// convolution and for the copies, so that this holds up to the last pixel.
/// </summary>
public sealed class AveragedUpsampling : Layer
{
    private readonly ConvTranspose2d _filter;
    private readonly int _stride;
    private readonly int _border;
    private readonly int _before;
    private readonly bool _average;

    /// <param name="kernel">s or more, by an even number.</param>
    /// <param name="average">False leaves the averaging out: a plain transposed convolution.</param>
    public AveragedUpsampling(long inChannels, long outChannels, int kernel, int stride, bool average = true)
    {
        if (stride < 1 || kernel < stride || (kernel - stride) % 2 != 0)
            throw new ArgumentException($"kernel {kernel}, stride {stride}: the kernel is larger by an even number");
        (_stride, _average) = (stride, average);
        _before = (kernel - stride) / 2; // what a centred transposed convolution cuts off at the top and left
        _border = (kernel - 1 - _before + stride - 1) / stride;
        _filter = Add("filter", new ConvTranspose2d(inChannels, outChannels, kernel, stride));
        Init.KaimingUniform(_filter.Weight);
        Init.Constant(_filter.Bias!, 0);
    }

    /// <summary>[N, Cin, H, W] to [N, Cout, s·H, s·W].</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        // Copies moved right and down bring in what lies before the first row and column: it is computed, too.
        int more = _average ? _stride - 1 : 0, first = (_stride * _border) + _before - more;
        var full = _filter.Forward(Functional.Pad(input, _border, _border, _border, _border, Padding.Replicate));
        var part = full.Narrow(2, first, (_stride * input.Size(2)) + more).Narrow(3, first, (_stride * input.Size(3)) + more);
        return scope.Keep(_average ? Functional.AvgPool2d(part, _stride, 1) : part);
    }
}
